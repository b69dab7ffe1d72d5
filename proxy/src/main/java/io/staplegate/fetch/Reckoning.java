package io.staplegate.fetch;

import java.time.Instant;

/**
 * A moment that was known once, and is reckoned on from there by a clock that nobody sets.
 *
 * @param nanos what that clock read then: {@link System#nanoTime}, or a test's
 */
record Reckoning(Instant moment, long nanos) {
    /** What time it is by this reckoning, when the clock reads so many nanoseconds. */
    Instant at(long now) {
        return moment.plusNanos(now - nanos);
    }
}
