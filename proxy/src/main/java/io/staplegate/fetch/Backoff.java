package io.staplegate.fetch;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before another try: doubles from {@code initial} to {@code max}, with full jitter, and tightens as
 * an end comes near.
 *
 * @param initial longest wait after the first failure; more than zero
 * @param max longest wait of all; more than zero
 */
public record Backoff(Duration initial, Duration max) {
    /** While something is left, a wait takes at most this part of it, so that several tries fit in. */
    private static final int PART_OF_LEFT = 4;

    /**
     * The wait after some failures in a row: evenly spread over (0, ceiling], where the ceiling is
     * {@code min(max, initial · 2^(failures−1))}, but no more than a quarter of what is left, but no less than
     * {@code initial} for that.
     *
     * @param failures 1 or more
     * @param left until what we hold ends; zero or less where there is nothing to lose any more
     * @return more than zero, {@code max} at the most
     */
    public Duration after(int failures, Duration left, RandomGenerator random) {
        long ceiling = doubled(failures - 1);
        if (left.isPositive()) {
            long part = NANOSECONDS.convert(left) / PART_OF_LEFT;
            ceiling = Math.min(ceiling, Math.max(part, NANOSECONDS.convert(initial)));
        }
        return Duration.ofNanos(1 + random.nextLong(ceiling));
    }

    private long doubled(int times) {
        long limit = NANOSECONDS.convert(max);
        long base = NANOSECONDS.convert(initial);
        boolean reachesLimit = times >= Long.SIZE - 1 || base > limit >> times;
        return reachesLimit ? limit : base << times;
    }
}
