package io.staplegate.dtls;

import io.staplegate.handshake.CryptoProvider;
import io.staplegate.handshake.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;

/** A server that asks the device for a certificate, and believes any. */
final class MutualServer extends DefaultTlsServer {
    private static final SignatureAndHashAlgorithm ALGORITHM =
            SignatureScheme.getSignatureAndHashAlgorithm(SignatureScheme.ecdsa_secp256r1_sha256);

    private final Site site;

    MutualServer(Site site) {
        super(CryptoProvider.crypto());
        this.site = site;
    }

    /** Signs with the key of a site. */
    static TlsCredentialedSigner credentials(Site site, TlsContext context) {
        List<X509Certificate> chain = site.identity().chain();
        TlsCertificate[] certificates =
                chain.stream().map(MutualServer::certificate).toArray(TlsCertificate[]::new);
        return new JcaDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context),
                CryptoProvider.crypto(),
                site.keys().getPrivate(),
                new Certificate(certificates),
                ALGORITHM);
    }

    private static TlsCertificate certificate(X509Certificate certificate) {
        try {
            return new JcaTlsCertificate(CryptoProvider.crypto(), certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return new int[] {CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256};
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.DTLSv12.only();
    }

    @Override
    public int getHandshakeResendTimeMillis() {
        return 50;
    }

    @Override
    protected TlsCredentialedSigner getECDSASignerCredentials() {
        return credentials(site, context);
    }

    @Override
    @SuppressWarnings("JdkObsolete") // the engine takes nothing else
    public CertificateRequest getCertificateRequest() {
        return new CertificateRequest(
                new short[] {ClientCertificateType.ecdsa_sign}, TlsUtils.vectorOfOne(ALGORITHM), null);
    }

    @Override
    public void notifyClientCertificate(Certificate clientCertificate) {}
}
