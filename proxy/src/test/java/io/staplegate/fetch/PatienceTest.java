package io.staplegate.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.telemetry.Telemetry;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** How long a responder is waited for before another is asked. */
final class PatienceTest {
    private static final URI RESPONDER = URI.create("http://OCSP.example/ca");

    private final Telemetry telemetry = new Telemetry(InstantSource.system());
    private final Patience patience = new Patience(Duration.ofSeconds(15), telemetry);

    @Test
    void aResponderOfWhichLittleIsKnownHasASecond() {
        recently(19, Duration.ofMillis(200));

        assertThat(patience.with(RESPONDER)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aKnownOneHasTheTimeOfNineteenInTwentyOfItsRecentExchanges() {
        recently(97, Duration.ofMillis(200));
        recently(3, Duration.ofSeconds(4));

        assertThat(patience.with(RESPONDER)).isBetween(Duration.ofMillis(180), Duration.ofMillis(250));
    }

    @Test
    void aFastOneHasFiftyMilliseconds() {
        recently(100, Duration.ofMillis(2));

        assertThat(patience.with(RESPONDER)).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void nobodyHasMoreThanAThirdOfTheTimeout() {
        recently(100, Duration.ofSeconds(14));

        assertThat(patience.with(RESPONDER)).isEqualTo(Duration.ofSeconds(5));
        assertThat(new Patience(Duration.ofMillis(300), telemetry).with(URI.create("http://other.example")))
                .isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void aRequestThatWasGivenUpWasLostAfterASecondOfSilence() {
        assertThat(patience.wasLost(RESPONDER, Duration.ofMillis(999))).isFalse();
        assertThat(patience.wasLost(RESPONDER, Duration.ofSeconds(1))).isTrue();
        assertThat(new Patience(Duration.ofMillis(300), telemetry).wasLost(RESPONDER, Duration.ofMillis(100)))
                .isTrue();
    }

    @Test
    void manyInARowThatAreLateWereLostThoughEachWasGivenUpSoon() {
        recently(100, Duration.ofMillis(20));
        for (int i = 1; i < Patience.MOST_LATE; i++) {
            assertThat(patience.wasLost(RESPONDER, Duration.ofMillis(60))).isFalse();
            assertThat(patience.wasLost(RESPONDER, Duration.ofMillis(10))).isFalse();
        }
        patience.ended(RESPONDER);
        for (int i = 1; i < Patience.MOST_LATE; i++) {
            assertThat(patience.wasLost(RESPONDER, Duration.ofMillis(60))).isFalse();
        }

        assertThat(patience.wasLost(RESPONDER, Duration.ofMillis(60))).isTrue();
    }

    private void recently(int exchanges, Duration took) {
        for (int i = 0; i < exchanges; i++) {
            telemetry.responderRequested("ocsp.example:80", "ok", took);
        }
    }
}
