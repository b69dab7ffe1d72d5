package io.staplegate.fetch;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before another try: doubles from {@code initial} to {@code max}, with full jitter, and tightens as
 * an end comes near.
 */
public record Backoff(Duration initial, Duration max) {
    /**
     * The wait after some failures in a row.
     *
     * @param failures 1 or more
     * @param left until what we hold ends; zero or less where there is nothing to lose any more
     */
    public Duration after(int failures, Duration left, RandomGenerator random) {
        throw new UnsupportedOperationException(failures + " " + left + random);
    }
}
