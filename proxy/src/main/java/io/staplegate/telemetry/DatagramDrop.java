package io.staplegate.telemetry;

/** Why a datagram was dropped. */
public enum DatagramDrop {
    /** From a device, and no DTLS record. */
    MALFORMED,
    /** From a device: of no session, by its connection id and by its address. */
    UNKNOWN_SESSION,
    /** A ClientHello that was not whole, before there was a cookie to trust (R45). */
    FRAGMENTED_HELLO,
    /** No record of it was authentic and new (R47). */
    INVALID_RECORD,
    /** It would have begun a handshake, and as many as may are going on. */
    HANDSHAKE_LIMIT,
    /** The same, from one source address. */
    HANDSHAKE_SOURCE_LIMIT,
    /** More came than could be taken. */
    QUEUE_FULL,
    /** Larger than what its next hop takes. */
    TOO_LARGE
}
