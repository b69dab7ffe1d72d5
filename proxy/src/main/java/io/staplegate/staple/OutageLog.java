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
 * What the log says of responders in trouble, a line when it begins and one when it has ended. An outage is one line,
 * and ten thousand certificates of one responder are one outage. A responder that is there, but has no answer about a
 * certificate, says that of each: there are more lines while more certificates are concerned, at most one a minute.
 */
final class OutageLog {
    private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);
    private static final Duration QUIET = Duration.ofMinutes(1);

    /** What may be the matter with a responder; both at once, about different certificates. */
    private enum Trouble {
        OUTAGE("responder gives no usable answer", "responder answers again"),
        REFUSAL("responder has no answer about a certificate", "responder has answers about all certificates again");

        final String begins;
        final String ends;

        Trouble(String begins, String ends) {
            this.begins = begins;
            this.ends = ends;
        }
    }

    private record Key(URI responder, Trouble trouble) {}

    /** The certificates that are concerned, how many the log has told of, and when it last did. */
    private static final class Spell {
        final Set<String> certificates = new HashSet<>();
        int told;
        Instant toldAt = Instant.MIN;

        boolean isNews(Trouble trouble, Instant now) {
            return switch (trouble) {
                case OUTAGE -> told == 0;
                case REFUSAL -> certificates.size() > told && (told == 0 || !now.isBefore(toldAt.plus(QUIET)));
            };
        }
    }

    private final Map<Key, Spell> spells = new HashMap<>();

    /** One responder was asked about one certificate. */
    synchronized void note(StapleTarget target, Finding finding, Instant now) {
        switch (finding) {
            case Finding.Answer answer -> {
                over(new Key(answer.responder(), Trouble.OUTAGE), target.key());
                over(new Key(answer.responder(), Trouble.REFUSAL), target.key());
            }
            case Finding.Refusal refusal -> {
                over(new Key(refusal.responder(), Trouble.OUTAGE), target.key());
                troubled(new Key(refusal.responder(), Trouble.REFUSAL), target, refusal.text(), now);
            }
            case Finding.Failure failure ->
                troubled(new Key(failure.responder(), Trouble.OUTAGE), target, failure.text(), now);
            case Finding.Unasked _ -> {} // nothing new
        }
    }

    /** Forgets certificates that are not asked about any more. */
    synchronized void retain(Set<String> keys) {
        spells.values().forEach(spell -> spell.certificates.retainAll(keys));
        spells.values().removeIf(spell -> spell.certificates.isEmpty());
    }

    private void troubled(Key key, StapleTarget target, String text, Instant now) {
        Spell spell = spells.computeIfAbsent(key, _ -> new Spell());
        spell.certificates.add(target.key());
        if (spell.isNews(key.trouble, now)) {
            LOG.atWarn()
                    .addKeyValue("responder", key.responder)
                    .addKeyValue("certificates", spell.certificates.size())
                    .addKeyValue("certificate", target.serial())
                    .addKeyValue("reason", text)
                    .log(key.trouble.begins);
            spell.told = spell.certificates.size();
            spell.toldAt = now;
        }
    }

    private void over(Key key, String certificate) {
        Spell spell = spells.get(key);
        if (spell != null && spell.certificates.remove(certificate) && spell.certificates.isEmpty()) {
            spells.remove(key);
            LOG.atInfo().addKeyValue("responder", key.responder).log(key.trouble.ends);
        }
    }
}
