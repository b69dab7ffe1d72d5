package io.staplegate.device;

import io.staplegate.telemetry.DeviceCheck;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one device, for operators.
 *
 * @param name what it is called by; null: nothing
 * @param serial of its certificate, in lower-case hex
 * @param issuer name of its CA (RFC 4514)
 * @param fingerprint SHA-256 of its certificate, in lower-case hex
 * @param status what its last check said, or what was learned of it since while it was connected
 * @param source what that was said by; null: nothing decided
 * @param until when that ends; null: not by itself
 * @param sessions that are open
 * @param lastSeen when it was checked last, or its last session ended
 */
public record DeviceView(
        @Nullable String name,
        String serial,
        String issuer,
        String fingerprint,
        DeviceCheck status,
        @Nullable Evidence source,
        @Nullable Instant until,
        int sessions,
        Instant lastSeen) {}
