package io.staplegate.relay;

/**
 * What the relay writes to the device channel beside bytes, for the security layer to act on in order with them. The
 * other way, an end of stream from the device arrives as Netty's {@code ChannelInputShutdownEvent}.
 */
public enum SessionSignal {
    /** No more bytes will follow: send close_notify; in TLS 1.2 that ends the session. */
    END_OF_STREAM,
    /** The backend cannot be reached, or failed: send a fatal alert and close. */
    BACKEND_FAILED,
    /** The proxy stops: send close_notify and close. */
    SHUTDOWN,
    /** An operator ends the session: send close_notify and close. */
    KILLED,
    /** No byte went either way for too long: send close_notify and close. */
    IDLE,
    /** The device's certificate is revoked: send the alert certificate_revoked and close. */
    REVOKED,
    /** The operator keeps the device out: send the alert access_denied and close. */
    DENIED,
    /** It must be known that the device's certificate is not revoked, and is not: certificate_unknown, and close. */
    UNVERIFIED
}
