package io.staplegate.relay;

/** Who, or what, ended a session: the first to do so. */
public enum SessionEnd {
    DEVICE,
    BACKEND,
    /** No byte went either way for too long. */
    IDLE,
    /** No address of the backend could be reached. */
    BACKEND_FAILED,
    /** The device may not be here any more: it is revoked, or denied. */
    REFUSED,
    /** An operator ended it. */
    KILLED,
    /** The proxy stopped. */
    SHUTDOWN,
    /** Something went wrong in the proxy. */
    ERROR
}
