package io.staplegate.mirror;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * So many a second, and more at once after a time of silence: a token bucket, of which only the moment is kept at which
 * it will be full again. Safe for use by any thread.
 */
final class Allowance {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private final long interval;
    private final long slack;
    private final AtomicLong fullAt;

    /**
     * A full bucket.
     *
     * @param perSecond at least 1; beyond a billion it is no limit
     * @param burst how many it holds, at least 1
     */
    Allowance(int perSecond, int burst, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.interval = SECOND / perSecond;
        this.slack = interval * (burst - 1);
        this.fullAt = new AtomicLong(nanoTime.getAsLong());
    }

    /** Takes one; false where there is none. */
    boolean take() {
        long now = nanoTime.getAsLong();
        while (true) {
            long before = fullAt.get();
            long missing = Math.max(0, before - now);
            if (missing > slack) {
                return false;
            }
            if (fullAt.compareAndSet(before, now + missing + interval)) {
                return true;
            }
        }
    }
}
