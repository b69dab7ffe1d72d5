package io.staplegate.config;

import org.jspecify.annotations.Nullable;

/**
 * How devices authenticate: {@code clientAuth} of a listener.
 *
 * @param mode whether a device without a certificate is let in
 * @param trustAnchors PEM bundle that device certificates must chain to
 * @param revocation how device certificates are checked
 */
public record ClientAuthConfig(
        @Default("require") Mode mode,
        FileReference trustAnchors,
        @Nullable Revocation revocation) {

    /** {@code request}: a certificate is asked for; {@code require}: and must come. */
    public enum Mode {
        REQUEST,
        REQUIRE
    }

    /** What happens when a device's status cannot be had. */
    public enum Policy {
        OFF,
        SOFT,
        HARD
    }

    /** Revocation checking of device certificates. */
    public record Revocation(@Default("soft") Policy policy) {}
}
