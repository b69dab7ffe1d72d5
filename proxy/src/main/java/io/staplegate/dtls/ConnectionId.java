package io.staplegate.dtls;

import java.util.Arrays;

/** What a device puts into its records so that they are known by it (RFC 9146): bytes as the key of a map. */
final class ConnectionId {
    private final byte[] bytes;

    /** An id of these bytes, which must not change. */
    ConnectionId(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConnectionId id && Arrays.equals(bytes, id.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
