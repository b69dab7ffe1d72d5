package io.staplegate.staple;

import io.staplegate.fetch.Backoff;
import io.staplegate.ocsp.OcspAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When to look for a newer answer: a pure function of what is held, of what the last look found, and of chance.
 *
 * @param leeway what is held ends this long before its nextUpdate
 * @param minInterval least time between two looks
 * @param maxAge look when what is held is older than this; null: not before half of its validity
 * @param backoff after failures
 */
record RefreshPolicy(
        Duration leeway, Duration minInterval, @Nullable Duration maxAge, Backoff backoff) {
    /** From this validity on, a newer answer need not exist at half-life (R35). */
    private static final Duration LONG_VALIDITY = Duration.ofHours(16);
    /** With such a validity, a newer answer exists this long before nextUpdate (R35)… */
    private static final Duration LAST_HOURS = Duration.ofHours(8);
    /** …or this long after thisUpdate, whichever comes first (R35). */
    private static final Duration LATEST_UPDATE = Duration.ofDays(4);
    /** A responder that answers, but not about this certificate, is not asked again sooner (R8, R36). */
    private static final Duration REFUSAL_PAUSE = Duration.ofMinutes(1);
    /** Whoever holds nothing waits for no longer: the responder may be back. */
    private static final Duration LONGEST_WITHOUT = Duration.ofMinutes(1);
    /** Looks at an answer that does not change are no closer together than this part of its validity… */
    private static final int LOOKS_PER_VALIDITY = 256;
    /** …except that they need not be further apart than this for that reason. */
    private static final Duration CLOSE_ENOUGH = Duration.ofMinutes(15);

    /**
     * The moment of the next look.
     *
     * @param held the newest answer, if any, the last finding considered
     * @param finding of the last look; null where there was none: at the start, and after the clock has jumped
     * @param failures looks in a row that found no answer
     */
    Instant next(
            @Nullable OcspAnswer held, @Nullable Finding finding, int failures, Instant now, RandomGenerator random) {
        Duration left = held == null ? Duration.ZERO : Duration.between(now, end(held));
        return switch (finding) {
            case null -> held == null || !now.isBefore(firstLook(held)) ? now : spreadFirstLook(held, random);
            case Finding.Answer found -> afterAnswer(held == null ? found.answer() : held, now, random);
            case Finding.Refusal _ -> later(now, max(backoff.after(failures, left, random), pause(left)));
            case Finding.Unasked _ -> later(now, pause(left));
            case Finding.Failure failure -> {
                Duration asked = failure.retryAfter() == null ? Duration.ZERO : failure.retryAfter();
                yield later(now, max(retry(failures, left, random), min(asked, longestWish(left))));
            }
        };
    }

    /** The moment from which on an answer is not stapled any more. */
    Instant end(OcspAnswer answer) {
        return answer.nextUpdate().minus(leeway);
    }

    private Instant afterAnswer(OcspAnswer held, Instant now, RandomGenerator random) {
        if (now.isBefore(firstLook(held))) {
            Instant look = spreadFirstLook(held, random);
            return look.isBefore(now.plus(minInterval)) ? now.plus(minInterval) : look;
        }
        // Past half-life and nothing newer: valid and unchanged is success, looked at again at a slower pace (R35).
        Duration left = Duration.between(now, end(held));
        Duration floor = min(validity(held).dividedBy(LOOKS_PER_VALIDITY), CLOSE_ENOUGH);
        Duration step = max(left.dividedBy(4), floor);
        Duration wait = spread(step.multipliedBy(3).dividedBy(4), step.dividedBy(2), random);
        Instant guaranteed = guaranteedUpdate(held);
        if (now.isBefore(guaranteed) && now.plus(wait).isAfter(guaranteed)) {
            Duration window = Duration.between(guaranteed, end(held)).dividedBy(4);
            wait = spread(Duration.between(now, guaranteed), window, random);
        }
        return later(now, maxAge == null ? wait : min(wait, spread(maxAge.dividedBy(5), maxAge.dividedBy(10), random)));
    }

    /** Half of the validity, or {@code maxAge} where that is sooner. */
    private Instant firstLook(OcspAnswer held) {
        Duration half = validity(held).dividedBy(2);
        return held.thisUpdate().plus(maxAge == null ? half : min(half, maxAge));
    }

    /** Ten thousand answers of one age are not looked at in one second: the first look has a window of its own. */
    private Instant spreadFirstLook(OcspAnswer held, RandomGenerator random) {
        Instant first = firstLook(held);
        Duration window = Duration.between(held.thisUpdate(), first).dividedBy(4);
        return first.plus(spread(Duration.ZERO, window, random));
    }

    /** From when on the CA must have a newer answer (R35). */
    private static Instant guaranteedUpdate(OcspAnswer held) {
        Duration validity = validity(held);
        if (validity.compareTo(LONG_VALIDITY) < 0) {
            return held.thisUpdate().plus(validity.dividedBy(2));
        }
        return held.thisUpdate().plus(min(validity.minus(LAST_HOURS), LATEST_UPDATE));
    }

    private static Duration pause(Duration left) {
        return left.isPositive() ? min(REFUSAL_PAUSE, left.dividedBy(4)) : REFUSAL_PAUSE;
    }

    private Duration retry(int failures, Duration left, RandomGenerator random) {
        if (left.isPositive()) {
            return backoff.after(failures, left, random);
        }
        return new Backoff(backoff.initial(), longestWithout()).after(failures, left, random);
    }

    /** What a responder may ask for by Retry-After. {@code left}: of what is held; zero or less where nothing is. */
    Duration longestWish(Duration left) {
        return left.isPositive() ? min(backoff.max(), left.dividedBy(2)) : longestWithout();
    }

    private Duration longestWithout() {
        return min(backoff.max(), max(LONGEST_WITHOUT, backoff.initial()));
    }

    private Instant later(Instant now, Duration wait) {
        return now.plus(max(wait, minInterval));
    }

    private static Duration validity(OcspAnswer answer) {
        return Duration.between(answer.thisUpdate(), answer.nextUpdate());
    }

    private static Duration spread(Duration from, Duration window, RandomGenerator random) {
        return from.plusMillis((long) (window.toMillis() * random.nextDouble()));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
