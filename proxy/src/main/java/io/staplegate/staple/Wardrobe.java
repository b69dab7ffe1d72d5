package io.staplegate.staple;

import io.staplegate.ocsp.Dressing;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The staples made of one answer: as many as there are ways to dress it, which for most answers is one, however many
 * chains it goes with. Guarded by its owner's lock.
 */
final class Wardrobe {
    private static final Logger LOG = LoggerFactory.getLogger(Wardrobe.class);

    private final StapleTarget target;
    private final OcspAnswer answer;
    private final Instant fetchedAt;
    private final List<Staple> staples = new ArrayList<>();

    Wardrobe(StapleTarget target, OcspAnswer answer, Instant fetchedAt) {
        this.target = target;
        this.answer = answer;
        this.fetchedAt = fetchedAt;
    }

    /** The staple for one chain as it is sent (R55). What was dressed is judged again before anyone gets it. */
    Staple dressedFor(List<X509Certificate> sent, OcspValidator validator, Instant now) {
        byte[] dressed = Dressing.dress(answer.der(), target.issuer(), sent);
        for (Staple staple : staples) {
            if (Arrays.equals(staple.dressed(), dressed)) {
                return staple;
            }
        }
        if (!verifies(validator.judge(dressed, target.certificate(), target.issuer(), now))) {
            LOG.atWarn()
                    .addKeyValue("certificate", target.serial())
                    .log("dressed response does not verify: stapling it as it came");
            dressed = answer.der();
        }
        Staple staple = new Staple(answer, dressed, fetchedAt);
        staples.add(staple);
        return staple;
    }

    private boolean verifies(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Good good -> answer.status() == good.answer().status();
            case Verdict.Revoked revoked -> answer.status() == revoked.answer().status();
            case Verdict.Unknown unknown -> false;
            case Verdict.Unusable unusable -> false;
        };
    }
}
