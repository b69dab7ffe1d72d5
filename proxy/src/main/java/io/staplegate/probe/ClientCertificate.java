package io.staplegate.probe;

import io.staplegate.handshake.CryptoProvider;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;

/**
 * A device's own certificate, which it shows to a server that asks.
 *
 * @param chain the device's first, then what stands between it and the root
 * @param key of the first: P-256, P-384, P-521, RSA or Ed25519
 */
public record ClientCertificate(List<X509Certificate> chain, PrivateKey key) {
    public ClientCertificate {
        chain = List.copyOf(chain);
    }

    /** What it comes to in one handshake. */
    TlsCredentials credentials(TlsContext context) {
        return new JcaDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context),
                CryptoProvider.crypto(),
                key,
                TlsUtils.isTLSv13(context) ? message13() : new Certificate(certificates()),
                scheme());
    }

    private Certificate message13() {
        CertificateEntry[] entries = chain.stream()
                .map(certificate -> new CertificateEntry(inTls(certificate), null))
                .toArray(CertificateEntry[]::new);
        return new Certificate(TlsUtils.EMPTY_BYTES, entries);
    }

    private TlsCertificate[] certificates() {
        return chain.stream().map(ClientCertificate::inTls).toArray(TlsCertificate[]::new);
    }

    private static TlsCertificate inTls(X509Certificate certificate) {
        return new JcaTlsCertificate(CryptoProvider.crypto(), certificate);
    }

    private SignatureAndHashAlgorithm scheme() {
        return SignatureScheme.getSignatureAndHashAlgorithm(
                switch (chain.getFirst().getPublicKey()) {
                    case ECPublicKey ec ->
                        switch (ec.getParams().getOrder().bitLength()) {
                            case 384 -> SignatureScheme.ecdsa_secp384r1_sha384;
                            case 521 -> SignatureScheme.ecdsa_secp521r1_sha512;
                            default -> SignatureScheme.ecdsa_secp256r1_sha256;
                        };
                    case RSAPublicKey _ -> SignatureScheme.rsa_pss_rsae_sha256;
                    default -> SignatureScheme.ed25519;
                });
    }
}
