package io.staplegate.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How devices authenticate: {@code clientAuth} of a listener.
 *
 * @param mode whether a device without a certificate is let in
 * @param trustAnchors PEM bundle that device certificates must chain to
 * @param intermediates PEM bundle of CA certificates that devices may leave out
 * @param identity which name in its certificate a device is known by
 * @param revocation how device certificates are checked
 */
public record ClientAuthConfig(
        @Default("require") Mode mode,
        FileReference trustAnchors,
        @Nullable FileReference intermediates,
        @Default("cn") Naming identity,
        Revocation revocation) {

    /** {@code request}: a certificate is asked for; {@code require}: and must come. */
    public enum Mode {
        REQUEST,
        REQUIRE
    }

    /**
     * {@code cn}: the subject's most specific common name; {@code uri}, {@code dns}: the first of these among the
     * subject alternative names; {@code eui64}: the EUI-64 that is its common name (RFC 7925 §4.4.2).
     */
    public enum Naming {
        CN,
        URI,
        DNS,
        EUI64
    }

    /** What happens when a device's status cannot be had. */
    public enum Policy {
        OFF,
        SOFT,
        HARD
    }

    /** Which kind of source is asked first; the other one is the fallback. */
    public enum Source {
        CRL,
        OCSP
    }

    /** What becomes of a certificate that names no source, where none is configured either (RFC 7925 §4.4.3). */
    public enum WithoutSource {
        ALLOW,
        REFUSE
    }

    /**
     * Revocation checking of device certificates.
     *
     * @param policy off; soft: let in a device whose status cannot be had, and check on; hard: refuse it
     * @param prefer which kind of source is asked first
     * @param whenNoSource what becomes of a certificate for which there is no source
     * @param budget how long a device waits for its verdict, between its handshake and the backend
     * @param grace how long a last known good answer stays good after its nextUpdate, when nothing newer can be had
     * @param responders OCSP responders; empty: those that the certificates name
     * @param crls URLs of revocation lists, beside those that the certificates name
     * @param crlFiles the same as watched files, PEM or DER
     */
    public record Revocation(
            @Default("soft") Policy policy,
            @Default("crl") Source prefer,
            @Default("allow") WithoutSource whenNoSource,
            @Default("2s") @Range(min = "0s") Duration budget,
            @Default("0s") @Range(min = "0s") Duration grace,
            List<URI> responders,
            List<URI> crls,
            List<FileReference> crlFiles) {}
}
