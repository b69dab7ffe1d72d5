package io.staplegate.config;

import java.time.Duration;

/** How durations are written, in the file and at the command line: {@code 10s}, {@code 5m}, {@code 36h}. */
public final class Durations {
    private Durations() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException if it is not written like one
     */
    public static Duration parse(String text) {
        return Notations.durationOf(text);
    }
}
