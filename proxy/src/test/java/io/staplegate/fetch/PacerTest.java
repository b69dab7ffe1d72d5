package io.staplegate.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Starts at a rate. */
final class PacerTest {
    private static final long MILLISECOND = 1_000_000;

    private long now = Long.MAX_VALUE - 5 * MILLISECOND; // overflows in between, as System.nanoTime may
    private final Pacer pacer = new Pacer(100, () -> now);

    @Test
    void theFirstStartsAtOnceAndTheOthersOneIntervalApart() {
        assertThat(pacer.reserve()).isZero();
        assertThat(pacer.reserve()).isEqualTo(10 * MILLISECOND);
        assertThat(pacer.reserve()).isEqualTo(20 * MILLISECOND);
    }

    @Test
    void timeThatPassesCountsAndIdleTimeIsNotSaved() {
        pacer.reserve();
        now += 4 * MILLISECOND;
        assertThat(pacer.reserve()).isEqualTo(6 * MILLISECOND);
        now += 1000 * MILLISECOND;
        assertThat(pacer.reserve()).isZero();
        assertThat(pacer.reserve()).isEqualTo(10 * MILLISECOND);
    }
}
