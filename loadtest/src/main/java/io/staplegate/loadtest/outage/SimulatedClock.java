package io.staplegate.loadtest.outage;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A clock that runs as the real one does, and can be made to skip. Read by any thread, moved by one. */
final class SimulatedClock implements InstantSource {
    /** The proxy's thread that compares its plan with the clock, by its name. */
    private static final String REFRESHER = "staple-refresher";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long BRIEFLY = 20_000; // nanoseconds

    private final Instant start;
    private final long origin = System.nanoTime();
    private volatile long skipped; // nanoseconds
    private Instant seen = Instant.MIN; // by the refresher, last
    private volatile @Nullable Thread refresher; // once it has looked

    SimulatedClock(Instant start) {
        this.start = start;
    }

    @Override
    public Instant instant() {
        Instant now = start.plusNanos(System.nanoTime() - origin + skipped);
        Thread reader = Thread.currentThread();
        if (reader.getName().equals(REFRESHER)) {
            saw(now, reader);
        }
        return now;
    }

    /**
     * Skips so much between two looks of the refresher, and returns when it has begun the second one.
     *
     * @param time less than half a minute: of two that it sees as one it must not think that the clock was set
     */
    void skip(Duration time) throws InterruptedException {
        awaitIdleRefresher();
        advance(time);
    }

    private synchronized void advance(Duration time) throws InterruptedException {
        skipped += time.toNanos();
        Instant now = instant();
        long begin = System.nanoTime();
        while (seen.isBefore(now)) {
            wait(PATIENCE.toMillis());
            failIfTooLate(begin);
        }
    }

    /** It looks at the clock more than once in a round, and is parked between two. */
    private void awaitIdleRefresher() {
        long begin = System.nanoTime();
        Thread busy = refresher;
        while (busy != null
                && busy.getState() != Thread.State.TIMED_WAITING
                && busy.getState() != Thread.State.WAITING) {
            LockSupport.parkNanos(BRIEFLY);
            failIfTooLate(begin);
        }
    }

    private static void failIfTooLate(long begin) {
        if (System.nanoTime() - begin > PATIENCE.toNanos()) {
            throw new IllegalStateException("the refresher has not done its round for " + PATIENCE);
        }
    }

    private synchronized void saw(Instant now, Thread reader) {
        refresher = reader;
        seen = now;
        notifyAll();
    }
}
