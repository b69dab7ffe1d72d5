package io.staplegate.config;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How responders are asked and answers are kept: {@code ocsp}.
 *
 * @param certIdHash hash of the CertID asked with (RFC 9919 asks for SHA-256, deployed devices need SHA-1)
 * @param leeway a staple is withdrawn this long before its nextUpdate
 * @param clockSkew how far in the future a thisUpdate may be (RFC 6960 §3.2)
 * @param minInterval least time between two requests for one certificate
 * @param timeout for one whole exchange with a responder
 * @param retryInitial first retry after a failure; doubles, with full jitter
 * @param retryMax longest wait between retries
 * @param maxConcurrentFetches requests at a time in all
 * @param maxConcurrentPerResponder requests at a time to one responder
 * @param maxRequestsPerSecond the most requests in any second, in all but those about devices that connect
 * @param startTimeout how long {@code stapling: must} may hold the start
 * @param maxAge refresh a staple older than this although it is still valid; absent: no limit
 * @param proxy HTTP proxy for requests to responders
 * @param upstream another Staplegate's mirror, asked when a certificate's own responders have no answer, or when it
 *     names none; answers are verified as any other
 */
public record OcspConfig(
        @Default("sha1") CertIdHash certIdHash,
        @Default("5s") @Range(min = "0s") Duration leeway,
        @Default(OcspConfig.CLOCK_SKEW) @Range(min = "0s") Duration clockSkew,
        @Default("1s") Duration minInterval,
        @Default("15s") Duration timeout,
        @Default("1s") Duration retryInitial,
        @Default("1h") Duration retryMax,
        @Default("32") @Range(min = "1") int maxConcurrentFetches,
        @Default("8") @Range(min = "1") int maxConcurrentPerResponder,
        @Default("100") @Range(min = "1") int maxRequestsPerSecond,
        @Default("30s") Duration startTimeout,
        @Nullable Duration maxAge,
        @Range(min = "1") SocketAddress.@Nullable HostPort proxy,
        @Nullable URI upstream) {
    /** The default of {@code clockSkew}, as it is written. */
    public static final String CLOCK_SKEW = "5m";

    /** The hash of a CertID (RFC 6960 §4.1.1). */
    public enum CertIdHash {
        SHA1,
        SHA256
    }
}
