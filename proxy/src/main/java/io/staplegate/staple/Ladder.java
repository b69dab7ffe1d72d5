package io.staplegate.staple;

import io.staplegate.fetch.ResponderClient;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.telemetry.Rung;
import java.net.URI;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.function.Predicate;

/**
 * Whom one look for a newer answer asks, and when: the certificate's responders in order, the next one where the last
 * has no news, or is late; then the mirror of another Staplegate. Both HTTP methods and both CertID hashes are tried
 * with each of them ({@link Inquiry}). The rungs below need no request: what is held stays until it ends, and then
 * there is nothing ({@link Knowledge}).
 */
final class Ladder {
    private final Inquiry inquiry;
    private final ResponderClient client;
    private final OutageLog outages;
    private final InstantSource clock;

    Ladder(Inquiry inquiry, ResponderClient client, OutageLog outages, InstantSource clock) {
        this.inquiry = inquiry;
        this.client = client;
        this.outages = outages;
        this.clock = clock;
    }

    /**
     * Asks until somebody has news. Blocks.
     *
     * @param target with somebody to ask
     * @param evenIfDown whether to ask also those whose circuit is open
     * @param isNews whether an answer is newer than what is held
     * @return the finding that says most: of several answers the newest
     */
    Finding climb(StapleTarget target, boolean evenIfDown, Predicate<OcspAnswer> isNews) throws InterruptedException {
        Predicate<URI> mayBeAsked = evenIfDown ? _ -> true : client.circuits()::admits;
        Finding found = askResponders(target, mayBeAsked, isNews);
        URI upstream = target.upstream();
        if (found instanceof Finding.Answer || upstream == null || !mayBeAsked.test(upstream)) {
            return found;
        }
        Finding relayed = askUpstream(target, upstream);
        return relayed instanceof Finding.Answer || found instanceof Finding.Unasked ? relayed : found;
    }

    /** News ends it. An answer that is none lets the others tell, but is no reason to wait for one that is late. */
    private Finding askResponders(StapleTarget target, Predicate<URI> mayBeAsked, Predicate<OcspAnswer> isNews)
            throws InterruptedException {
        Finding best = new Finding.Unasked(target.firstAsked().orElseThrow());
        Iterator<URI> inLine = target.responders().iterator();
        try (Race race = new Race(inquiry, target, client.patience())) {
            askNext(inLine, mayBeAsked, race);
            while (race.isOn() && !(best instanceof Finding.Answer && race.isLate())) {
                Finding finding = race.next();
                if (finding != null) {
                    outages.note(target, finding, clock.instant());
                    Finding found = onRung(target, finding);
                    if (finding instanceof Finding.Answer answer && isNews.test(answer.answer())) {
                        return found; // though it may be older than an answer that is at its end
                    }
                    best = best.orBetter(found);
                }
                askNext(inLine, mayBeAsked, race);
            }
        }
        return best;
    }

    /** Whether one may be asked is settled when its turn comes: for one that is down, that takes the probe. */
    private static void askNext(Iterator<URI> inLine, Predicate<URI> mayBeAsked, Race race) {
        while (inLine.hasNext()) {
            URI responder = inLine.next();
            if (mayBeAsked.test(responder)) {
                race.ask(responder);
                return;
            }
        }
    }

    private Finding askUpstream(StapleTarget target, URI upstream) throws InterruptedException {
        Finding finding = inquiry.ask(target, upstream, () -> {});
        outages.note(target, finding, clock.instant());
        return finding.noHigherThan(Rung.UPSTREAM);
    }

    private static Finding onRung(StapleTarget target, Finding finding) {
        boolean first = finding.responder().equals(target.firstAsked().orElseThrow());
        return first ? finding : finding.noHigherThan(Rung.NEXT_RESPONDER);
    }
}
