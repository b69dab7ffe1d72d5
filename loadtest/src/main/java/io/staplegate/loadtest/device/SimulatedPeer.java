package io.staplegate.loadtest.device;

import io.staplegate.handshake.CryptoProvider;
import java.time.Duration;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.CertificateStatusRequest;
import org.bouncycastle.tls.CertificateStatusType;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.OCSPStatusRequest;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerOnlyTlsAuthentication;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * The engine's client: DTLS 1.2 on P-256 with AES-128-CCM-8 or GCM, as small devices have them. It asks for its server's
 * status, and for a connection id.
 */
final class SimulatedPeer extends AbstractTlsClient {
    private static final TlsCrypto CRYPTO = CryptoProvider.crypto();
    private static final byte[] NO_ID_OF_ITS_OWN = new byte[0];

    private final Duration limit;

    /** {@code limit}: for the whole handshake. */
    SimulatedPeer(Duration limit) {
        super(CRYPTO);
        this.limit = limit;
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return Math.toIntExact(limit.toMillis());
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return new int[] {
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8
        };
    }

    @Override
    @SuppressWarnings("rawtypes") // the engine's signature
    protected Vector<Integer> getSupportedGroups(Vector roles) {
        return new Vector<>(List.of(NamedGroup.secp256r1));
    }

    @Override
    protected CertificateStatusRequest getCertificateStatusRequest() {
        return new CertificateStatusRequest(CertificateStatusType.ocsp, new OCSPStatusRequest(null, null));
    }

    @Override
    protected byte @Nullable [] getNewConnectionID() {
        return NO_ID_OF_ITS_OWN;
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new ServerOnlyTlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate certificate) {
                // anybody's: it is the server's work that is looked at
            }
        };
    }
}
