package io.staplegate.relay;

import java.time.Duration;
import java.util.OptionalLong;

/** Thins out a log line: lets one event through in each interval, and says how many it stands for. Thread-safe. */
final class Pace {
    private final long intervalNanos;
    private long held;
    private long openFrom;
    private boolean started;

    Pace(Duration interval) {
        this.intervalNanos = interval.toNanos();
    }

    /** Events since the last one let through, this one included; empty where this one is held back. */
    synchronized OptionalLong next(long nanoTime) {
        held++;
        if (started && nanoTime - openFrom < 0) {
            return OptionalLong.empty();
        }
        long count = held;
        started = true;
        openFrom = nanoTime + intervalNanos;
        held = 0;
        return OptionalLong.of(count);
    }
}
