package io.staplegate.staple;

import io.staplegate.fetch.Circuits;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What the log says of responders in trouble: one line when it begins, one when it has ended. Ten thousand certificates
 * of one responder are one outage. Certificates that a responder has no answer about, while it is there, are another
 * matter: they hide no outage, and the log tells at most once a minute that they have become more.
 */
final class OutageLog {
    private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final Circuits circuits;
    private final Function<String, Instant> heldUntil;
    private final Map<URI, Trouble> outages = new HashMap<>();
    private final Map<URI, Trouble> refusals = new HashMap<>();

    /** The certificates that are concerned, how many the log has told of, and the last failure, or telling. */
    private static final class Trouble {
        final Set<String> certificates = new HashSet<>();
        int told;
        Instant lastAt = Instant.MIN;
    }

    /** {@code heldUntil}: when what is held for a certificate ends, by the key of its target; long ago: nothing is. */
    OutageLog(Circuits circuits, Function<String, Instant> heldUntil) {
        this.circuits = circuits;
        this.heldUntil = heldUntil;
    }

    /** One responder was asked about one certificate. */
    synchronized void note(StapleTarget target, Finding finding, Instant now) {
        URI responder = finding.responder();
        switch (finding) {
            case Finding.Answer _ -> {
                answered(responder, target.key(), now);
                notRefused(responder, target.key());
            }
            case Finding.Refusal refusal -> {
                answered(responder, target.key(), now);
                refused(target, refusal, now);
            }
            case Finding.Failure failure -> failed(target, failure, now);
            case Finding.Unasked _ -> {} // nothing new
        }
    }

    /** Forgets certificates that are not asked about any more. */
    synchronized void retain(Set<String> keys) {
        retain(outages, keys);
        retain(refusals, keys);
    }

    private void failed(StapleTarget target, Finding.Failure failure, Instant now) {
        Trouble outage = outages.computeIfAbsent(failure.responder(), _ -> new Trouble());
        outage.certificates.add(target.key());
        outage.lastAt = now;
        if (outage.told == 0) {
            outage.told = 1;
            warn(target, failure.responder(), failure.text(), now).log("responder gives no usable answer");
        }
    }

    /**
     * An outage has ended when all that it concerned are answered again; or when others have been for a while, lest a
     * certificate that never is has it last for ever.
     */
    private void answered(URI responder, String key, Instant now) {
        Trouble outage = outages.get(responder);
        if (outage == null) {
            return;
        }
        outage.certificates.remove(key);
        boolean over = !circuits.isOpen(responder) && !now.isBefore(outage.lastAt.plus(QUIET));
        if (outage.certificates.isEmpty() || over) {
            outages.remove(responder);
            LOG.atInfo().addKeyValue("responder", responder).log("responder answers again");
        }
    }

    private void refused(StapleTarget target, Finding.Refusal refusal, Instant now) {
        Trouble refused = refusals.computeIfAbsent(refusal.responder(), _ -> new Trouble());
        refused.certificates.add(target.key());
        int concerned = refused.certificates.size();
        boolean quiet = now.isBefore(refused.lastAt.plus(QUIET));
        if (refused.told == 0 || (refused.told < concerned && !quiet)) {
            refused.told = concerned;
            refused.lastAt = now;
            warn(target, refusal.responder(), refusal.text(), now)
                    .addKeyValue("certificates", concerned)
                    .log("responder gives no usable answer about some certificates");
        }
    }

    private void notRefused(URI responder, String key) {
        Trouble refused = refusals.get(responder);
        if (refused != null && refused.certificates.remove(key) && refused.certificates.isEmpty()) {
            refusals.remove(responder);
            LOG.atInfo().addKeyValue("responder", responder).log("responder answers again about all certificates");
        }
    }

    private LoggingEventBuilder warn(StapleTarget target, URI responder, String reason, Instant now) {
        Instant end = heldUntil.apply(target.key());
        return LOG.atWarn()
                .addKeyValue("responder", responder)
                .addKeyValue("reason", reason)
                .addKeyValue("certificate", target.serial())
                .addKeyValue("heldUntil", now.isBefore(end) ? end : "nothing is held");
    }

    private static void retain(Map<URI, Trouble> troubles, Set<String> keys) {
        troubles.values().forEach(trouble -> trouble.certificates.retainAll(keys));
        troubles.values().removeIf(trouble -> trouble.certificates.isEmpty());
    }
}
