package io.staplegate.config;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One certificate with its key, and how it is stapled: an entry of {@code identities}.
 *
 * @param name unique among identities
 * @param certificate PEM, leaf first, then intermediates
 * @param key the private key of the leaf
 * @param keyPassword a file with the password of an encrypted key
 * @param issuers CA certificates that the chain file lacks, to verify staples with; never sent
 * @param stapling whether, and how strictly, to staple
 * @param statusScope which certificates of the chain get a staple
 * @param onRevoked what becomes of a handshake when the leaf is revoked
 * @param responders responder URLs in order of preference; empty: the certificate's own AIA URLs
 * @param export files that the leaf's staple is written to (DER, atomically)
 */
public record IdentityConfig(
        String name,
        FileReference certificate,
        KeySource key,
        @Nullable FileReference keyPassword,
        @Nullable FileReference issuers,
        @Default("auto") Stapling stapling,
        @Default("chain") StatusScope statusScope,
        @Default("staple") OnRevoked onRevoked,
        List<URI> responders,
        List<FileReference> export) {

    /** {@code auto}: when there is a staple; {@code must}: refuse who asks and cannot be served; {@code off}: never. */
    public enum Stapling {
        AUTO,
        MUST,
        OFF
    }

    /** {@code chain}: every certificate sent, where the client can take it; {@code leaf}: the first alone. */
    public enum StatusScope {
        CHAIN,
        LEAF
    }

    /** {@code staple}: send the revoked answer: a device should learn the truth; {@code refuse}: end the handshake. */
    public enum OnRevoked {
        STAPLE,
        REFUSE
    }
}
