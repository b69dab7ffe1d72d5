package io.staplegate.loadtest.outage;

import io.staplegate.identity.Identity;
import io.staplegate.loadtest.site.SiteDevices;
import io.staplegate.loadtest.site.SiteDevices.Outcome;
import io.staplegate.staple.Staple;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether each site is stapled for as long as the last answer about it allows, and no longer: by what the next
 * handshake would carry, and by real handshakes. Used by one thread.
 */
final class LastAnswers {
    /** Before its end, a staple is met once more. */
    private static final long LAST_MINUTE = 60_000;

    /** When many end at once, so many of them are met at a time. */
    private static final int MOST_MET = 2;

    private final SimulatedProxy proxy;
    private final SiteDevices devices;
    private final InstantSource clock;
    private final List<Identity> identities;

    /** Unix milliseconds, by site. */
    private final long[] ends;

    private final int[] byEnd;
    private int next; // in byEnd
    private long early;
    private long late;
    private long stapled;
    private long bare;
    private long failed;

    /** What it comes to. See {@link OutageReport}. */
    record Tally(long early, long late, long stapled, long bare, long failed) {}

    /** Of an outage that begins now. Each site is stapled. */
    LastAnswers(SimulatedProxy proxy, SiteDevices devices, InstantSource clock) {
        this.proxy = proxy;
        this.devices = devices;
        this.clock = clock;
        this.identities = proxy.identities();
        this.ends = identities.stream().mapToLong(this::end).toArray();
        this.byEnd = IntStream.range(0, ends.length)
                .boxed()
                .sorted(Comparator.comparingLong(site -> ends[site]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private long end(Identity identity) {
        Staple held = proxy.current(identity).staples().getFirst();
        return held == null
                ? 0
                : held.answer().nextUpdate().minus(proxy.leeway()).toEpochMilli();
    }

    /** Looks at all of them, and meets those whose turn it is. */
    void check() {
        for (int site = 0; site < ends.length; site++) {
            long before = clock.millis();
            boolean has = proxy.current(identities.get(site)).staples().getFirst() != null;
            if (!has && clock.millis() < ends[site]) {
                early++;
            } else if (has && before >= ends[site]) {
                late++;
            }
        }
        meetWhoHasEnded();
        if (next < byEnd.length && ends[byEnd[next]] - clock.millis() <= LAST_MINUTE) {
            meet(byEnd[next]);
        }
    }

    private void meetWhoHasEnded() {
        int met = 0;
        for (; next < byEnd.length && ends[byEnd[next]] <= clock.millis(); next++) {
            if (met++ < MOST_MET) {
                meet(byEnd[next]);
            }
        }
    }

    /** A handshake with one site. What ends in the middle of it may be there or not. */
    private void meet(int site) {
        long before = clock.millis();
        Outcome outcome = devices.meet(site);
        switch (outcome) {
            case Outcome.Stapled _ -> {
                stapled++;
                late += before >= ends[site] ? 1 : 0;
            }
            case Outcome.Bare _ -> {
                bare++;
                early += clock.millis() < ends[site] ? 1 : 0;
            }
            case Outcome.Failed _ -> failed++;
        }
    }

    Tally tally() {
        return new Tally(early, late, stapled, bare, failed);
    }
}
