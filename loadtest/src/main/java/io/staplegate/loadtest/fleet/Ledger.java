package io.staplegate.loadtest.fleet;

import io.staplegate.loadtest.site.Arrivals;
import io.staplegate.loadtest.site.Arrivals.Arrival;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What each certificate's last answer was, by what the responder gave out. Used by one thread. */
final class Ledger {
    /** Times in answers are cut to seconds. */
    private static final Duration ROUNDING = Duration.ofSeconds(1);

    private final Arrivals arrivals;
    private final Duration lifetime;
    private final Duration youth;
    private final Map<BigInteger, Instant> ends = new HashMap<>();
    private final List<Lapse> lapses = new ArrayList<>();
    private int read;
    private long early;

    /**
     * A time without a staple, between two answers.
     *
     * @param end of the first
     * @param back when the second was given
     */
    record Lapse(Instant end, Instant back) {}

    /**
     * Nothing was asked yet.
     *
     * @param lifetime how long an answer is stapled
     * @param youth how long it need not be looked at; shorter
     */
    Ledger(Arrivals arrivals, Duration lifetime, Duration youth) {
        this.arrivals = arrivals;
        this.lifetime = lifetime;
        this.youth = youth;
    }

    /** Takes down what has come by now. */
    void read() {
        for (Arrival arrival : arrivals.since(read)) {
            read++;
            Instant given = arrival.thisUpdate();
            Instant end = ends.put(
                    arrival.serial(), given.truncatedTo(ChronoUnit.SECONDS).plus(lifetime));
            if (end == null) {
                continue;
            }
            if (end.isBefore(given)) {
                lapses.add(new Lapse(end, given));
            }
            Instant begin = end.minus(lifetime);
            if (given.plus(ROUNDING).isBefore(begin.plus(youth))) {
                early++;
            }
        }
    }

    /** How many certificates have an answer that has not ended at a moment. */
    long answeredAt(Instant at) {
        return ends.values().stream().filter(at::isBefore).count();
    }

    /** How many have an answer that should have been renewed: it is old, or has ended. */
    long overdueAt(Instant at) {
        Duration most = youth.multipliedBy(5).dividedBy(4).plus(ROUNDING);
        return ends.values().stream()
                .filter(end -> end.minus(lifetime).plus(most).isBefore(at))
                .count();
    }

    /** When each certificate's last answer ends, soonest first. */
    List<Instant> ends() {
        return ends.values().stream().sorted().toList();
    }

    List<Lapse> lapses() {
        return lapses;
    }

    /** Requests about certificates whose last answer was too young to be asked about. */
    long early() {
        return early;
    }
}
