package io.staplegate.loadtest.fleet;

import io.staplegate.loadtest.fleet.Ledger.Lapse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Which staples could have been saved when a responder came back. It is found within the time of a probe; then it is
 * asked first about what has no staple any more, then about what ends soonest, at the configured rate but for the tenth
 * that the proxy leaves free, so that no second sees more.
 *
 * @param down when the outage began
 * @param up when the responder was back
 * @param ends when each certificate's last answer from before ends, soonest first
 * @param perSecond the rate
 */
record Rescue(Instant down, Instant up, List<Instant> ends, int perSecond) {
    /** Without an outage: no staple need end. */
    static final Rescue NONE = new Rescue(Instant.MAX, Instant.MAX, List.of(), 1);

    /** Probes of a responder that is down are no further apart. */
    private static final Duration PROBE = Duration.ofSeconds(33);

    /** A second and a tenth. */
    private static final long MILLIS_FOR_ONE_PER_SECOND = 1_100;

    /** What the first requests may take. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    /** Whether a staple ended although there was time to renew it. */
    boolean wasAvoidable(Lapse lapse) {
        if (lapse.end().isBefore(down)) {
            return true;
        }
        long before = ends.stream().filter(end -> !end.isAfter(lapse.end())).count();
        Duration queue = Duration.ofMillis(MILLIS_FOR_ONE_PER_SECOND * before / perSecond);
        return up.plus(PROBE).plus(SLACK).plus(queue).isBefore(lapse.end());
    }
}
