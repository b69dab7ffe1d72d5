package io.staplegate.loadtest.outage;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that runs as the real one does, and can be made to skip. Read by any thread, moved by one. */
final class SimulatedClock implements InstantSource {
    /** The proxy's thread that compares its plan with the clock, by its name. */
    private static final String REFRESHER = "staple-refresher";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Instant start;
    private final long origin = System.nanoTime();
    private volatile long skipped; // nanoseconds
    private Instant seen = Instant.MIN; // by the refresher, last

    SimulatedClock(Instant start) {
        this.start = start;
    }

    @Override
    public Instant instant() {
        Instant now = start.plusNanos(System.nanoTime() - origin + skipped);
        if (Thread.currentThread().getName().equals(REFRESHER)) {
            sawAt(now);
        }
        return now;
    }

    /**
     * Skips so much, and returns when the refresher has seen it: so it never sees a jump.
     *
     * @param time less than a minute, which it would take for one
     */
    synchronized void skip(Duration time) throws InterruptedException {
        skipped += time.toNanos();
        Instant now = instant();
        long begin = System.nanoTime();
        while (seen.isBefore(now)) {
            wait(PATIENCE.toMillis());
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new IllegalStateException("the refresher has not looked at the clock for " + PATIENCE);
            }
        }
    }

    private synchronized void sawAt(Instant now) {
        seen = now;
        notifyAll();
    }
}
