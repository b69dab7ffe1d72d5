package io.staplegate.fetch;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * What responders take for the time, each by its last {@code Date}. Nobody signs that, so for a warning one who agrees
 * with our clock outweighs all who do not: a single broken responder casts no doubt on a clock that others confirm.
 */
final class Witnesses {
    private static final int MOST = 1_000;

    private final Cache<URI, Reckoning> dates =
            Caffeine.newBuilder().maximumSize(MOST).build();

    void heard(URI responder, Reckoning date) {
        dates.put(responder, date);
    }

    /** How far a clock is behind the responder that is closest to it; empty: nobody has said a time yet. */
    Optional<Duration> offset(Instant clock, long nanos) {
        return dates.asMap().values().stream()
                .map(date -> Duration.between(clock, date.at(nanos)))
                .min(Comparator.comparing(Duration::abs));
    }

    /** How many responders are no farther from a clock than {@code tolerance}. */
    long agreeing(Instant clock, long nanos, Duration tolerance) {
        return dates.asMap().values().stream()
                .map(date -> Duration.between(clock, date.at(nanos)).abs())
                .filter(distance -> distance.compareTo(tolerance) <= 0)
                .count();
    }
}
