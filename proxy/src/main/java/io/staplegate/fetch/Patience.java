package io.staplegate.fetch;

import io.staplegate.telemetry.Telemetry;
import java.net.URI;
import java.time.Duration;

/** How long a responder may take before another is asked beside it. Safe for use by any thread. */
public final class Patience {
    /** No responder is so fast that a second request is worth less. */
    static final Duration LEAST = Duration.ofMillis(50);
    /** With a responder of which little is known. */
    static final Duration USUAL = Duration.ofSeconds(1);
    /** The one asked last has most of {@code ocsp.timeout} left: patience is this part of it at most. */
    static final int PART_OF_TIMEOUT = 3;

    private final Duration longest;
    private final Telemetry telemetry;

    Patience(Duration timeout, Telemetry telemetry) {
        this.longest = timeout.dividedBy(PART_OF_TIMEOUT);
        this.telemetry = telemetry;
    }

    /** How long a request to a responder may take until it is slower than 95 of 100 recent ones. */
    public Duration with(URI responder) {
        Duration recent = telemetry.recent95thPercentile(ResponderClient.hostPort(responder));
        if (recent == null) {
            return min(USUAL, longest);
        }
        return min(recent.compareTo(LEAST) < 0 ? LEAST : recent, longest);
    }

    /** Whether a request that was given up, as another was answered, had been silent for so long that it had failed. */
    boolean wasLost(Duration took) {
        return took.compareTo(min(USUAL, longest)) >= 0;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
