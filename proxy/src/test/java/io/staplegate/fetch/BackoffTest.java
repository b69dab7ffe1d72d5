package io.staplegate.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The rule of retries, held over many random draws with a fixed seed. */
final class BackoffTest {
    private static final Duration INITIAL = Duration.ofSeconds(1);
    private static final Duration MAX = Duration.ofHours(1);
    private static final Duration AGES = Duration.ofDays(10);
    private static final Duration NANOSECOND = Duration.ofNanos(1);
    /** Draws the largest wait there is. */
    private static final RandomGenerator LARGEST = new RandomGenerator() {
        @Override
        public long nextLong() {
            return Long.MAX_VALUE;
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    };

    private final Backoff backoff = new Backoff(INITIAL, MAX);
    private final Random random = new Random(42);

    @Test
    void theCeilingDoublesUpToTheMaximum() {
        assertThat(ceiling(1, AGES)).isEqualTo(INITIAL);
        assertThat(ceiling(2, AGES)).isEqualTo(Duration.ofSeconds(2));
        assertThat(ceiling(11, AGES)).isEqualTo(Duration.ofSeconds(1024));
        assertThat(ceiling(12, AGES)).isEqualTo(Duration.ofSeconds(2048));
        assertThat(ceiling(13, AGES)).isEqualTo(MAX);
    }

    @Test
    void nothingOverflowsAfterThousandsOfFailures() {
        for (int failures : new int[] {30, 31, 32, 33, 62, 63, 64, 65, 100, 10_000, Integer.MAX_VALUE}) {
            assertThat(ceiling(failures, AGES)).isEqualTo(MAX);
        }
        Backoff extreme = new Backoff(NANOSECOND, Duration.ofSeconds(Long.MAX_VALUE));
        for (int failures = 1; failures < 200; failures++) {
            assertThat(extreme.after(failures, AGES, LARGEST)).isPositive();
        }
    }

    @Test
    void itTightensToAQuarterOfWhatIsLeftAndNotBelowTheInitialWait() {
        assertThat(ceiling(20, Duration.ofHours(2))).isEqualTo(Duration.ofMinutes(30));
        assertThat(ceiling(20, Duration.ofMinutes(4))).isEqualTo(Duration.ofMinutes(1));
        assertThat(ceiling(20, Duration.ofSeconds(4))).isEqualTo(INITIAL);
        assertThat(ceiling(20, NANOSECOND)).isEqualTo(INITIAL);
    }

    @Test
    void whereNothingIsLeftToLoseItDoesNotTighten() {
        assertThat(ceiling(20, Duration.ZERO)).isEqualTo(MAX);
        assertThat(ceiling(20, Duration.ofDays(-1))).isEqualTo(MAX);
    }

    @Test
    void aWaitIsNeverZeroAndNeverAboveItsCeiling() {
        for (int i = 0; i < 100_000; i++) {
            int failures = 1 + random.nextInt(40);
            Duration left = Duration.ofMillis(random.nextLong(-1_000, AGES.toMillis()));
            assertThat(backoff.after(failures, left, random)).isBetween(NANOSECOND, ceiling(failures, left));
        }
    }

    @Test
    void theJitterIsFull() {
        int[] tenths = new int[10];
        for (int i = 0; i < 10_000; i++) {
            tenths[(int) (backoff.after(13, AGES, random).toMillis() * 10 / (MAX.toMillis() + 1))]++;
        }
        for (int tenth : tenths) {
            assertThat(tenth).isBetween(850, 1150);
        }
    }

    private Duration ceiling(int failures, Duration left) {
        return backoff.after(failures, left, LARGEST);
    }
}
