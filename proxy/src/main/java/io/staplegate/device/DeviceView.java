package io.staplegate.device;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one device, for operators.
 *
 * @param name what it is called by; null: nothing
 * @param serial of its certificate, in lower-case hex
 * @param issuer name of its CA (RFC 4514)
 * @param fingerprint SHA-256 of its certificate, in lower-case hex
 * @param status what its last check said, or what was learned of it since while it was connected: {@code good},
 *     {@code good_in_grace}, {@code revoked}, {@code denied}, {@code unknown_allowed} and so on, as metrics call it
 * @param source what that was said by: {@code crl}, {@code ocsp}, {@code staple} or {@code deny_list}; null: nothing
 *     decided
 * @param until when that ends; null: not by itself
 * @param sessions that are open
 * @param lastSeen when it was checked last, or its last session ended
 */
public record DeviceView(
        @Nullable String name,
        String serial,
        String issuer,
        String fingerprint,
        String status,
        @Nullable String source,
        @Nullable Instant until,
        int sessions,
        Instant lastSeen) {}
