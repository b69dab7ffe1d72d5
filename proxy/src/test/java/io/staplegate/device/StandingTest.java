package io.staplegate.device;

import static io.staplegate.telemetry.DeviceCheck.GOOD;
import static io.staplegate.telemetry.DeviceCheck.GOOD_IN_GRACE;
import static io.staplegate.telemetry.DeviceCheck.NO_SOURCE_ALLOWED;
import static io.staplegate.telemetry.DeviceCheck.NO_SOURCE_REFUSED;
import static io.staplegate.telemetry.DeviceCheck.REVOKED;
import static io.staplegate.telemetry.DeviceCheck.UNAVAILABLE_ALLOWED;
import static io.staplegate.telemetry.DeviceCheck.UNAVAILABLE_REFUSED;
import static io.staplegate.telemetry.DeviceCheck.UNKNOWN_ALLOWED;
import static io.staplegate.telemetry.DeviceCheck.UNKNOWN_REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.config.ClientAuthConfig.Revocation;
import io.staplegate.config.ClientAuthConfig.WithoutSource;
import io.staplegate.device.Entrance.Terms;
import io.staplegate.device.Word.Silence;
import io.staplegate.telemetry.DeviceCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The policy: what two sources say of a certificate, the preferred one first, and what becomes of its device. */
class StandingTest {
    private static final Instant NOW = Instant.parse("2026-03-10T00:00:00Z");

    /** A good answer has a day of grace. */
    private static final Terms TERMS = Terms.SOFT.grace(Duration.ofDays(1));

    private static final Word GOOD_NOW = good(-1, 1);
    private static final Word ENDED_TODAY = good(-5, -0.5);
    private static final Word ENDED_LONG_AGO = good(-9, -2);
    private static final Word REVOKED_NOW = revoked(-1, 1);
    private static final Word REVOKED_LONG_AGO = revoked(-9, -2);

    private static Stream<Arguments> table() {
        return Stream.of(
                row(GOOD_NOW, Silence.NOTHING, GOOD, GOOD),
                row(Silence.NOTHING, GOOD_NOW, GOOD, GOOD),
                row(Silence.NO_SOURCE, GOOD_NOW, GOOD, GOOD),
                row(Silence.UNKNOWN, GOOD_NOW, GOOD, GOOD),
                row(REVOKED_NOW, Silence.NOTHING, REVOKED, REVOKED),
                row(Silence.NOTHING, REVOKED_NOW, REVOKED, REVOKED),
                row(REVOKED_LONG_AGO, Silence.NOTHING, REVOKED, REVOKED),
                row(REVOKED_LONG_AGO, Silence.UNKNOWN, REVOKED, REVOKED),
                // The other one says something else later: not enough while the preferred one still says so.
                row(REVOKED_LONG_AGO, GOOD_NOW, GOOD, GOOD),
                row(REVOKED_NOW, good(-0.5, 2), REVOKED, REVOKED),
                row(good(-0.5, 2), REVOKED_NOW, GOOD, GOOD),
                row(good(-2, 2), REVOKED_NOW, REVOKED, REVOKED),
                row(GOOD_NOW, REVOKED_NOW, REVOKED, REVOKED),
                row(ENDED_TODAY, Silence.NOTHING, GOOD_IN_GRACE, GOOD_IN_GRACE),
                row(Silence.NOTHING, ENDED_TODAY, GOOD_IN_GRACE, GOOD_IN_GRACE),
                row(ENDED_LONG_AGO, ENDED_TODAY, GOOD_IN_GRACE, GOOD_IN_GRACE),
                row(ENDED_TODAY, Silence.UNKNOWN, GOOD_IN_GRACE, GOOD_IN_GRACE),
                row(ENDED_TODAY, REVOKED_LONG_AGO, REVOKED, REVOKED),
                row(ENDED_LONG_AGO, Silence.NO_SOURCE, UNAVAILABLE_ALLOWED, UNAVAILABLE_REFUSED),
                row(Silence.NOTHING, Silence.NOTHING, UNAVAILABLE_ALLOWED, UNAVAILABLE_REFUSED),
                row(Silence.NO_SOURCE, Silence.NOTHING, UNAVAILABLE_ALLOWED, UNAVAILABLE_REFUSED),
                row(Silence.NOTHING, Silence.UNKNOWN, UNKNOWN_ALLOWED, UNKNOWN_REFUSED),
                row(Silence.UNKNOWN, Silence.NO_SOURCE, UNKNOWN_ALLOWED, UNKNOWN_REFUSED),
                row(Silence.NO_SOURCE, Silence.NO_SOURCE, NO_SOURCE_ALLOWED, NO_SOURCE_ALLOWED));
    }

    @ParameterizedTest
    @MethodSource("table")
    void isAsThePolicySays(Word preferred, Word other, DeviceCheck soft, DeviceCheck hard) {
        assertThat(standing(TERMS, preferred, other).outcome()).isEqualTo(soft);
        assertThat(standing(TERMS.policy(Policy.HARD), preferred, other).outcome())
                .isEqualTo(hard);
    }

    @Test
    void aCertificateWithoutSourceHasAPolicyOfItsOwn() {
        Terms refusing = TERMS.whenNoSource(WithoutSource.REFUSE);

        assertThat(standing(refusing, Silence.NO_SOURCE, Silence.NO_SOURCE).outcome())
                .isEqualTo(NO_SOURCE_REFUSED);
    }

    @Test
    void withoutGraceAnAnswerEndsWithItsNextUpdate() {
        Terms terms = Terms.HARD;

        assertThat(standing(terms, ENDED_TODAY, Silence.NOTHING).outcome()).isEqualTo(UNAVAILABLE_REFUSED);
    }

    @Test
    void onlyWhatFindingOutCannotChangeIsFinal() {
        assertThat(standing(TERMS, GOOD_NOW, Silence.NOTHING).isFinal()).isTrue();
        assertThat(standing(TERMS, Silence.NOTHING, REVOKED_NOW).isFinal()).isTrue();
        assertThat(standing(TERMS, Silence.NO_SOURCE, Silence.NO_SOURCE).isFinal())
                .isTrue();
        assertThat(standing(TERMS, ENDED_TODAY, Silence.NOTHING).isFinal()).isFalse();
        assertThat(standing(TERMS, Silence.NOTHING, Silence.UNKNOWN).isFinal()).isFalse();
        assertThat(standing(TERMS, Silence.NOTHING, Silence.NO_SOURCE).isFinal())
                .isFalse();
    }

    @Test
    void theWorstCertificateCounts() {
        Standing good = standing(TERMS, GOOD_NOW, Silence.NOTHING);
        Standing open = standing(TERMS, Silence.NOTHING, Silence.NOTHING);
        Standing revoked = standing(TERMS, REVOKED_NOW, Silence.NOTHING);

        assertThat(Standing.worst(List.of(good, good)).isFinal()).isTrue();
        assertThat(Standing.worst(List.of(good, open)).outcome()).isEqualTo(UNAVAILABLE_ALLOWED);
        assertThat(Standing.worst(List.of(good, open)).isFinal()).isFalse();
        assertThat(Standing.worst(List.of(open, revoked)).outcome()).isEqualTo(REVOKED);
        assertThat(Standing.worst(List.of(open, revoked)).isFinal()).isTrue();
    }

    private static Arguments row(Word preferred, Word other, DeviceCheck soft, DeviceCheck hard) {
        return Arguments.of(preferred, other, soft, hard);
    }

    private static Standing standing(Terms terms, Word preferred, Word other) {
        Revocation config = terms.revocation();
        return Standing.of(List.of(preferred, other), config, NOW);
    }

    private static Word good(double fromDays, double untilDays) {
        return new Word.Good(Evidence.CRL, days(fromDays), days(untilDays));
    }

    private static Word revoked(double fromDays, double untilDays) {
        return new Word.Revoked(Evidence.OCSP, days(fromDays), days(untilDays));
    }

    private static Instant days(double days) {
        return NOW.plusSeconds((long) (days * 86_400));
    }
}
