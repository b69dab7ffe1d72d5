package io.staplegate.fetch;

import io.staplegate.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The time that everything is judged by: the system's, held against what responders and their signatures say. */
public final class ClockGuard implements InstantSource {
    private final InstantSource system;

    /** {@code tolerance}: the clock is in doubt when it is off by more. */
    public ClockGuard(InstantSource system, Duration tolerance, Telemetry telemetry) {
        this.system = system;
    }

    @Override
    public Instant instant() {
        return system.instant();
    }
}
