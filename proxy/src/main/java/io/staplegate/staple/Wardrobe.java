package io.staplegate.staple;

import io.staplegate.ocsp.Dressing;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import io.staplegate.staple.Knowledge.Held;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The staples made of one answer, dressed for each way up to the root that is sent above the certificate: for most
 * answers there is one, however many chains it goes with. Guarded by its owner's lock.
 */
final class Wardrobe {
    private static final Logger LOG = LoggerFactory.getLogger(Wardrobe.class);

    private final StapleTarget target;
    private final Held held;
    private final Map<List<X509Certificate>, Staple> staples = new HashMap<>();

    Wardrobe(StapleTarget target, Held held) {
        this.target = target;
        this.held = held;
    }

    /**
     * The staple for a chain as it is sent (R55).
     *
     * @param above what is sent after the certificate itself: nothing else can have signed the answer
     */
    Staple dressedFor(List<X509Certificate> above, OcspValidator validator, Instant now) {
        return staples.computeIfAbsent(List.copyOf(above), sent -> dress(sent, validator, now));
    }

    /** What was dressed is judged again before anyone gets it. */
    private Staple dress(List<X509Certificate> above, OcspValidator validator, Instant now) {
        OcspAnswer answer = held.answer();
        byte[] dressed = Dressing.dress(answer.der(), target.issuer(), above);
        if (!Arrays.equals(dressed, answer.der())
                && !verifies(validator.judge(dressed, target.certificate(), target.issuer(), now))) {
            LOG.atWarn()
                    .addKeyValue("certificate", target.serial())
                    .log("dressed response does not verify: stapling it as it came");
            dressed = answer.der();
        }
        return new Staple(answer, dressed, held.fetchedAt());
    }

    private boolean verifies(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Good good -> saysTheSame(good.answer());
            case Verdict.Revoked revoked -> saysTheSame(revoked.answer());
            case Verdict.Unknown _ -> false;
            case Verdict.Unusable _ -> false;
        };
    }

    private boolean saysTheSame(OcspAnswer other) {
        return other.status() == held.answer().status();
    }
}
