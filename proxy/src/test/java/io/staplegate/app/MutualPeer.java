package io.staplegate.app;

import io.staplegate.handshake.CryptoProvider;
import io.staplegate.handshake.DeviceCredentials;
import io.staplegate.handshake.EngineSession;
import java.io.IOException;
import java.security.cert.X509Certificate;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.jspecify.annotations.Nullable;

/** What the engine asks a {@link MutualDevice} in its handshake. Connects once. */
final class MutualPeer extends DefaultTlsClient {
    private static final int PATIENCE_MILLIS = 20_000;

    private final ProtocolVersion version;
    private final X509Certificate server;
    private final @Nullable DeviceCredentials own;
    private final @Nullable TlsSession earlier;
    private volatile @Nullable TlsSession finished;
    private volatile boolean resumed;
    private volatile int alert = -1;

    /**
     * A device of one version.
     *
     * @param server the certificate that is expected
     * @param own null: the device has none
     * @param earlier to be resumed
     */
    MutualPeer(
            ProtocolVersion version,
            X509Certificate server,
            @Nullable DeviceCredentials own,
            @Nullable TlsSession earlier) {
        super(CryptoProvider.crypto());
        this.version = version;
        this.server = server;
        this.own = own;
        this.earlier = earlier;
    }

    /** The same device, which asks for the session that was agreed on. */
    MutualPeer again() {
        return new MutualPeer(version, server, own, finished);
    }

    boolean isDatagrams() {
        return version.isDTLS();
    }

    /** The session that was agreed on; null where there is none that can be resumed. */
    @Nullable
    TlsSession finished() {
        return finished;
    }

    boolean isResumed() {
        return resumed;
    }

    /** The fatal alert that came, or -1. */
    int alert() {
        return alert;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return version.only();
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return PATIENCE_MILLIS;
    }

    /** The engine destroys what it gets, if it is not resumed. */
    @Override
    public @Nullable TlsSession getSessionToResume() {
        return earlier == null ? null : EngineSession.copy(earlier);
    }

    /** The engine destroys its own when an alert comes. */
    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        TlsSession session = context.getResumableSession();
        finished = session == null ? null : EngineSession.copy(session);
        resumed = context.getSecurityParametersConnection().isResumedSession();
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
        if (level == AlertLevel.fatal) {
            alert = description;
        }
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate presented) throws IOException {
                var leaf = (JcaTlsCertificate) presented.getCertificate().getCertificateAt(0);
                if (!leaf.getX509Certificate().equals(server)) {
                    throw new TlsFatalAlert(AlertDescription.bad_certificate);
                }
            }

            @Override
            public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) {
                return own == null ? null : own.in(context);
            }
        };
    }
}
