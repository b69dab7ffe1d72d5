package io.staplegate.fetch;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
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

    /** So many in a row that are late, with no answer in between, are no accident: of a healthy one 5 of 100 are. */
    static final int MOST_LATE = 5;

    private static final int MOST_KNOWN = 1_000;

    private final Duration longest;
    private final Telemetry telemetry;
    /** Requests to each responder that were late and given up, since its last answer; by host and port. */
    private final Cache<String, Integer> late =
            Caffeine.newBuilder().maximumSize(MOST_KNOWN).build();

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

    /**
     * Whether a request that was given up, as another was answered, had failed: it had been silent for a second, or it
     * was one of many in a row that were later than the responder's usually are.
     */
    boolean wasLost(URI responder, Duration took) {
        if (took.compareTo(min(USUAL, longest)) >= 0) {
            return true;
        }
        return took.compareTo(with(responder)) >= 0
                && late.asMap().merge(ResponderClient.hostPort(responder), 1, Integer::sum) >= MOST_LATE;
    }

    /** A responder has answered, or has failed by itself. */
    void ended(URI responder) {
        late.invalidate(ResponderClient.hostPort(responder));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
