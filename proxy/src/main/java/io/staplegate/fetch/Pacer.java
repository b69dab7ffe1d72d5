package io.staplegate.fetch;

import java.util.function.LongSupplier;

/** Spreads starts evenly: hands out the times at which to start, one after the other. Safe for use by any thread. */
final class Pacer {
    private final LongSupplier nanoTime;
    private final long intervalNanos;
    private long nextStart;

    /** {@code perSecond}: 1 or more. */
    Pacer(int perSecond, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.intervalNanos = 1_000_000_000L / perSecond;
        this.nextStart = nanoTime.getAsLong();
    }

    /** Takes the next start, and tells how long to wait for it: nanoseconds, 0 where it is now. */
    synchronized long reserve() {
        long now = nanoTime.getAsLong();
        long wait = Math.max(0, nextStart - now);
        nextStart = now + wait + intervalNanos;
        return wait;
    }
}
