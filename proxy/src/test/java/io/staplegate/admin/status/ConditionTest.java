package io.staplegate.admin.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.staple.StapleView;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a certificate, by what is known of it. */
final class ConditionTest {
    private static final Instant NOW = Instant.parse("2026-08-01T12:00:00Z");
    private static final Duration VALIDITY = Duration.ofHours(100);

    @ParameterizedTest(name = "{5}: {0} {1} position {2}, {3} h left, {4}")
    @CsvSource(
            nullValues = "-",
            value = {
                "good,    auto, 0, 50, -,          FRESH",
                "good,    must, 0, 50, down,       AGING",
                "good,    auto, 0, 11, down,       AGING",
                "good,    auto, 0, 9,  down,       ENDING",
                "good,    auto, 0, 9,  -,          FRESH",
                "revoked, auto, 0, 50, -,          REVOKED",
                "revoked, auto, 1, -,  -,          REVOKED",
                "absent,  auto, 0, -,  -,          AWAITED",
                "absent,  auto, 0, -,  down,       MISSING",
                "absent,  auto, 1, -,  down,       ABOVE",
                "absent,  must, 0, -,  down,       REFUSED",
                "absent,  must, 0, -,  nobody,     REFUSED",
                "absent,  must, 1, -,  down,       ABOVE",
                "unknown, auto, 0, -,  down,       UNKNOWN",
                "absent,  auto, 0, -,  nobody,     NO_RESPONDER",
                "absent,  off,  0, -,  nobody,     OFF"
            })
    void eachStateHasItsCondition(
            String status,
            String stapling,
            int position,
            @Nullable Integer hoursLeft,
            @Nullable String responder,
            Condition expected) {
        assertThat(Condition.of(view(status, stapling, position, hoursLeft, responder, NOW.plusSeconds(1)), NOW))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"good, EXPIRED", "absent, EXPIRED", "revoked, REVOKED"})
    void whoseTimeIsOverHasExpiredUnlessItIsRevoked(String status, Condition expected) {
        assertThat(Condition.of(view(status, "auto", 0, 50, null, NOW), NOW)).isEqualTo(expected);
    }

    /** {@code responder}: null is well, {@code down} gives no answer, {@code nobody} does not exist. */
    private static StapleView view(
            String status,
            String stapling,
            int position,
            @Nullable Integer hoursLeft,
            @Nullable String responder,
            Instant expires) {
        Instant end = hoursLeft == null ? null : NOW.plus(Duration.ofHours(hoursLeft));
        return new StapleView(
                "gateway",
                "0a",
                position,
                "CN=gateway",
                status,
                "nobody".equals(responder) ? null : "http://ocsp.example/",
                end == null ? null : end.minus(VALIDITY),
                end,
                end == null ? null : end.minus(VALIDITY),
                null,
                "down".equals(responder) ? "responder is down" : null,
                end == null ? 0 : 471,
                null,
                stapling,
                expires);
    }
}
