package io.staplegate.handshake;

import org.jspecify.annotations.Nullable;

/**
 * What a ClientHello lets the server choose from, in the client's order.
 *
 * @param tls13 whether TLS 1.3 was agreed on
 * @param suites cipher suites
 * @param schemes signature schemes; empty: none that the proxy has (RFC 5246 would fall back to SHA-1)
 * @param groups key exchange groups and curves; null where the client names none
 */
record ClientOffer(boolean tls13, int[] suites, int[] schemes, int @Nullable [] groups) {
    /** Whether the client can do a group; one that names no groups can do them all (RFC 8422 §4). */
    boolean hasGroup(int group) {
        if (groups == null) {
            return true;
        }
        for (int offered : groups) {
            if (offered == group) {
                return true;
            }
        }
        return false;
    }
}
