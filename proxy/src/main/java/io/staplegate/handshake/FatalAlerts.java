package io.staplegate.handshake;

import io.staplegate.relay.SessionSignal;
import org.bouncycastle.tls.AlertDescription;

/** The fatal alerts that end a session (RFC 8446 §6.2), over TLS and DTLS alike. */
public final class FatalAlerts {
    private FatalAlerts() {}

    /**
     * What a device is told.
     *
     * @throws IllegalArgumentException for a signal that ends a session in peace
     */
    public static short of(SessionSignal signal) {
        return switch (signal) {
            case BACKEND_FAILED -> AlertDescription.internal_error;
            case REVOKED -> AlertDescription.certificate_revoked;
            case DENIED -> AlertDescription.access_denied;
            case UNVERIFIED -> AlertDescription.certificate_unknown;
            case END_OF_STREAM, SHUTDOWN, KILLED, IDLE -> throw new IllegalArgumentException(signal + " is no failure");
        };
    }

    /** Whether an alert is about who the device is, so that it would be no other with the same session. */
    static boolean isForGood(short alert) {
        return alert == AlertDescription.certificate_revoked || alert == AlertDescription.access_denied;
    }
}
