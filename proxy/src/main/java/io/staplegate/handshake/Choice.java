package io.staplegate.handshake;

import io.staplegate.identity.PresharedKeys;

/** What serves one ClientHello. */
sealed interface Choice {
    Suite suite();

    /**
     * A certificate.
     *
     * @param stapled the identity's chain with the staples of this moment
     */
    record ByCertificate(PreparedIdentity identity, Suite suite, SigningScheme scheme, StapledChain stapled)
            implements Choice {}

    /**
     * A key that the device has, too: no certificate is sent, so no staple.
     *
     * @param keys those in force at this moment; which one is known only after the server's flight
     */
    record ByPresharedKey(Suite suite, PresharedKeys keys) implements Choice {}
}
