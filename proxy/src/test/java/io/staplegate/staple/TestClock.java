package io.staplegate.staple;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands until time passes or somebody sets it, and another that nobody can set. */
final class TestClock implements InstantSource {
    private volatile Instant now;
    private volatile long nanos;

    TestClock(Instant now) {
        this.now = now;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** What the clock that nobody can set reads. */
    long nanos() {
        return nanos;
    }

    /** Somebody sets it. */
    void set(Instant other) {
        now = other;
    }

    /** Time passes. */
    synchronized void move(Duration step) {
        now = now.plus(step);
        nanos += step.toNanos();
    }
}
