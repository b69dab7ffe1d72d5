package io.staplegate.staple;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log says of responders in trouble: one line when it begins, one when it has ended, and in between at most
 * one a minute while more certificates are concerned. Ten thousand certificates of one responder are one outage.
 */
final class OutageLog {
    private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);
    private static final Duration QUIET = Duration.ofMinutes(1);

    /** The certificates that a responder has no answer about, how many the log has told of, and when it last did. */
    private static final class Outage {
        final Set<String> certificates = new HashSet<>();
        int told;
        Instant toldAt = Instant.MIN;
    }

    private final Map<URI, Outage> outages = new HashMap<>();

    /** One responder was asked about one certificate. */
    synchronized void note(StapleTarget target, Finding finding, Instant now) {
        switch (finding) {
            case Finding.Answer answer -> recovered(answer.responder(), target.key());
            case Finding.Refusal refusal -> troubled(refusal.responder(), target, refusal.text(), now);
            case Finding.Failure failure -> troubled(failure.responder(), target, failure.text(), now);
            case Finding.Unasked _ -> {} // nothing new
        }
    }

    /** Forgets certificates that are not asked about any more. */
    synchronized void retain(Set<String> keys) {
        outages.values().forEach(outage -> outage.certificates.retainAll(keys));
        outages.values().removeIf(outage -> outage.certificates.isEmpty());
    }

    private void troubled(URI responder, StapleTarget target, String text, Instant now) {
        Outage outage = outages.computeIfAbsent(responder, key -> new Outage());
        outage.certificates.add(target.key());
        int concerned = outage.certificates.size();
        if (concerned > outage.told && !now.isBefore(outage.toldAt.plus(outage.told == 0 ? Duration.ZERO : QUIET))) {
            LOG.atWarn()
                    .addKeyValue("responder", responder)
                    .addKeyValue("certificates", concerned)
                    .addKeyValue("certificate", target.serial())
                    .addKeyValue("reason", text)
                    .log("responder gives no usable answer: what is held stays until its nextUpdate");
            outage.told = concerned;
            outage.toldAt = now;
        }
    }

    private void recovered(URI responder, String key) {
        Outage outage = outages.get(responder);
        if (outage != null && outage.certificates.remove(key) && outage.certificates.isEmpty()) {
            outages.remove(responder);
            LOG.atInfo().addKeyValue("responder", responder).log("responder answers again");
        }
    }
}
