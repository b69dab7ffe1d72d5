package io.staplegate.handshake;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import org.bouncycastle.tls.SessionParameters;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.TlsUtils;

/** A device's sessions for tests. */
public final class EngineSession {
    private EngineSession() {}

    /** Another that is like it: the engine destroys one that was not resumed. */
    public static TlsSession copy(TlsSession session) {
        SessionParameters known = requireNonNull(session.exportSessionParameters());
        try {
            SessionParameters same = new SessionParameters.Builder()
                    .setCipherSuite(known.getCipherSuite())
                    .setExtendedMasterSecret(known.isExtendedMasterSecret())
                    .setLocalCertificate(known.getLocalCertificate())
                    .setMasterSecret(CryptoProvider.crypto().createSecret(Secrets.copy(known.getMasterSecret())))
                    .setNegotiatedVersion(known.getNegotiatedVersion())
                    .setPeerCertificate(known.getPeerCertificate())
                    .setPSKIdentity(known.getPSKIdentity())
                    .setServerExtensions(known.readServerExtensions())
                    .build();
            return TlsUtils.importSession(session.getSessionID(), same);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
