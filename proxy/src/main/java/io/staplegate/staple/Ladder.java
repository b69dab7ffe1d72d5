package io.staplegate.staple;

import io.staplegate.fetch.ResponderClient;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.telemetry.Telemetry.Rung;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.function.Predicate;

/**
 * Whom one look for a newer answer asks, and when: the certificate's responders in order, the next one also where the
 * last is slower than usual; then the mirror of another Staplegate. How each of them is asked is {@link Inquiry}'s: both
 * HTTP methods, both CertID hashes. The rungs below are no requests: what is held stays until it ends, then there is
 * nothing ({@link Knowledge}).
 */
final class Ladder {
    /** A hedge is a second request: no responder is so fast that less is worth one. */
    private static final Duration LEAST_PATIENCE = Duration.ofMillis(50);
    /** How long a responder may take of which little is known. */
    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(1);
    /** The last in line has most of {@code ocsp.timeout} left: patience is at most this part of it. */
    private static final int PART_OF_TIMEOUT = 3;

    private final Inquiry inquiry;
    private final Telemetry telemetry;
    private final Duration timeout;
    private final OutageLog outages;
    private final InstantSource clock;

    /** {@code timeout}: of one exchange with a responder. */
    Ladder(Inquiry inquiry, Telemetry telemetry, Duration timeout, OutageLog outages, InstantSource clock) {
        this.inquiry = inquiry;
        this.telemetry = telemetry;
        this.timeout = timeout;
        this.outages = outages;
        this.clock = clock;
    }

    /**
     * Asks until somebody has news. Blocks.
     *
     * @param isNews whether an answer is newer than what is held
     * @return the finding that says most: of several answers the newest
     */
    Finding climb(StapleTarget target, Predicate<OcspAnswer> isNews) throws InterruptedException {
        Finding found = askResponders(target, isNews);
        URI upstream = target.upstream();
        if (found instanceof Finding.Answer || upstream == null) {
            return found;
        }
        Finding relayed = askUpstream(target, upstream);
        return relayed instanceof Finding.Answer || found instanceof Finding.Unasked ? relayed : found;
    }

    private Finding askResponders(StapleTarget target, Predicate<OcspAnswer> isNews) throws InterruptedException {
        Finding best = new Finding.Unasked(target.firstAsked());
        Iterator<URI> next = target.responders().iterator();
        try (Race race = new Race(inquiry, target, this::patienceWith)) {
            askNext(next, race);
            while (race.isOn()) {
                Finding finding = race.next();
                if (finding != null) {
                    note(target, finding);
                    if (finding instanceof Finding.Answer answer && isNews.test(answer.answer())) {
                        return onRung(target, answer);
                    }
                    best = best.orBetter(finding);
                }
                askNext(next, race);
            }
        }
        return onRung(target, best);
    }

    private static void askNext(Iterator<URI> responders, Race race) {
        if (responders.hasNext()) {
            race.ask(responders.next());
        }
    }

    private Finding askUpstream(StapleTarget target, URI upstream) throws InterruptedException {
        Finding finding = inquiry.ask(target, upstream, () -> {});
        note(target, finding);
        return finding.noHigherThan(Rung.UPSTREAM);
    }

    private Duration patienceWith(URI responder) {
        Duration recent = telemetry.recent95thPercentile(ResponderClient.hostPort(responder));
        Duration usual = recent == null ? USUAL_PATIENCE : recent;
        Duration most = timeout.dividedBy(PART_OF_TIMEOUT);
        Duration least = usual.compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : usual;
        return least.compareTo(most) < 0 ? least : most;
    }

    private void note(StapleTarget target, Finding finding) {
        outages.note(target, finding, clock.instant());
    }

    private static Finding onRung(StapleTarget target, Finding finding) {
        boolean first = finding.responder().equals(target.firstAsked());
        return first ? finding : finding.noHigherThan(Rung.NEXT_RESPONDER);
    }
}
