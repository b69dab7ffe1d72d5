package io.staplegate.fetch;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Spreads starts evenly, in the order in which they were asked for. The next one is an interval behind the moment at
 * which the last really began, not behind the one at which it should have: threads that wake late do not bunch.
 *
 * <p>The interval is a tenth longer than the rate asks for, so that whoever counts requests as they arrive sees no
 * more than the rate in any second, although one took up to 100 ms longer on its way than the next. Safe for use by any
 * virtual thread.
 */
final class Pacer implements Exchange.Turns {
    private static final long NANOS_PER_SECOND = 1_100_000_000L;

    private final LongSupplier nanoTime;
    private final Rest rest;
    private final long intervalNanos;
    private final ReentrantLock turn = new ReentrantLock(true);
    private long nextStart; // guarded by turn

    /** How time passes between two starts. */
    @FunctionalInterface
    interface Rest {
        /** Waits for at least so long; true: at once and for ever, as nothing shall start any more. */
        boolean await(long nanos) throws InterruptedException;
    }

    /** {@code perSecond}: 1 or more. */
    Pacer(int perSecond, LongSupplier nanoTime, Rest rest) {
        this.nanoTime = nanoTime;
        this.rest = rest;
        this.intervalNanos = NANOS_PER_SECOND / perSecond;
        this.nextStart = nanoTime.getAsLong();
    }

    @Override
    public boolean await() throws InterruptedException {
        turn.lockInterruptibly();
        try {
            if (rest.await(Math.max(0, nextStart - nanoTime.getAsLong()))) {
                return false;
            }
            nextStart = nanoTime.getAsLong() + intervalNanos;
            return true;
        } finally {
            turn.unlock();
        }
    }
}
