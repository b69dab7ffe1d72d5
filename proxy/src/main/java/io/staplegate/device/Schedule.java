package io.staplegate.device;

import io.staplegate.fetch.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When to fetch something again that holds for a time: at half of it, and more often as its end comes near.
 *
 * @param leeway what is held ends this long before its nextUpdate
 * @param minInterval least time between two fetches
 * @param recheck longest time between two fetches of what holds; null: only its validity counts
 * @param backoff after failures
 */
record Schedule(
        Duration leeway, Duration minInterval, @Nullable Duration recheck, Backoff backoff) {
    /** What was fetched in one minute is not refreshed in one minute: the window for it is this part of half-life. */
    private static final int PART_FOR_SPREAD = 4;

    /** Past half-life, the waits are this part of what is left. */
    private static final int PART_OF_LEFT = 4;

    /** Whoever holds nothing is not asked about again at once: this long after the first failure… */
    static final Duration SHORTEST_PAUSE = Duration.ofSeconds(2);
    /** …and doubling, this long after many. */
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** From when on something is not used any more. */
    Instant end(Instant nextUpdate) {
        return nextUpdate.minus(leeway);
    }

    /** The next fetch after one that went well: whether or not it found something newer than what is held. */
    Instant afterSuccess(Instant thisUpdate, Instant end, Instant now, RandomGenerator random) {
        Duration half = Duration.between(thisUpdate, end).dividedBy(2);
        Instant halfLife = thisUpdate.plus(half);
        Instant next = now.isBefore(halfLife)
                ? halfLife.plus(spread(half.dividedBy(PART_FOR_SPREAD), random))
                : now.plus(Duration.between(now, end).dividedBy(PART_OF_LEFT));
        return later(recheck == null ? next : earlier(next, recheck(recheck, now, random)), now.plus(minInterval));
    }

    /** A tenth of the time early at the most, so that what was fetched together is not fetched together for ever. */
    private static Instant recheck(Duration longest, Instant now, RandomGenerator random) {
        return now.plus(longest).minus(spread(longest.dividedBy(10), random));
    }

    /**
     * The next fetch after one that failed: nothing came.
     *
     * @param failures in a row, 1 or more
     * @param left until what is held ends; zero or less where nothing is held
     */
    Instant afterFailure(int failures, Duration left, Instant now, RandomGenerator random) {
        Duration wait = left.isPositive() ? backoff.after(failures, left, random) : pause(failures);
        return later(now.plus(wait), now.plus(minInterval));
    }

    /**
     * The next fetch after one that got a file of no use. It may have cost megabytes, so that tries become rare also
     * where nothing is held.
     *
     * @param refusals since the last fetch that went well, 1 or more
     * @param left until what is held ends; zero or less where nothing is held
     * @param mends when time alone makes the file one to use: no later than that
     */
    Instant afterRefusal(int refusals, Duration left, Instant mends, Instant now, RandomGenerator random) {
        Instant next = later(now.plus(backoff.after(refusals, left, random)), now.plus(pause(refusals)));
        return later(next.isBefore(mends) ? next : mends, now.plus(minInterval));
    }

    private static Duration pause(int failures) {
        Duration doubled = SHORTEST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 10));
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    private static Duration spread(Duration window, RandomGenerator random) {
        return Duration.ofMillis((long) (window.toMillis() * random.nextDouble()));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
