package io.staplegate.staple;

import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspAnswer.Status;
import io.staplegate.telemetry.Telemetry.StapleStatus;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one certificate. Immutable.
 *
 * @param held the newest verified answer, good or revoked; kept after its end, so that nothing older replaces a
 *     revocation
 * @param unknown whether the last responder that answered does not know the certificate
 * @param failures looks in a row that found no answer
 * @param lastError of the last look; null where it found an answer
 * @param nextLook null where none is planned
 */
record Knowledge(
        @Nullable Held held,
        boolean unknown,
        int failures,
        @Nullable String lastError,
        @Nullable Instant nextLook) {

    static final Knowledge NOTHING = new Knowledge(null, false, 0, null, null);

    /** A verified answer, good or revoked, and when it came. */
    record Held(OcspAnswer answer, Instant fetchedAt) {}

    /** The newest statement wins; of two that are equally new, the revocation. */
    private static final Comparator<OcspAnswer> NEWER = Comparator.comparing(OcspAnswer::thisUpdate)
            .thenComparing(answer -> answer.status() == Status.REVOKED)
            .thenComparing(OcspAnswer::nextUpdate);

    @Nullable
    OcspAnswer answer() {
        return held == null ? null : held.answer;
    }

    /** Whether an answer replaces the one that is held. */
    boolean isNews(OcspAnswer other, Instant now) {
        OcspAnswer answer = answer();
        if (answer == null || NEWER.compare(other, answer) > 0) {
            return true;
        }
        return !isRevoked() && !now.isBefore(answer.nextUpdate());
    }

    /** With what one look has found. */
    Knowledge with(Finding finding, Instant now) {
        return switch (finding) {
            case Finding.Answer news when isNews(news.answer(), now) -> holding(new Held(news.answer(), now));
            case Finding.Answer _ -> new Knowledge(held, false, 0, null, null);
            case Finding.Refusal refusal -> new Knowledge(held, refusal.unknown(), failures + 1, refusal.text(), null);
            case Finding.Failure failure -> new Knowledge(held, unknown, failures + 1, failure.text(), null);
        };
    }

    Knowledge lookingAt(@Nullable Instant next) {
        return new Knowledge(held, unknown, failures, lastError, next);
    }

    static Knowledge holding(Held held) {
        return new Knowledge(held, false, 0, null, null);
    }

    /** A revocation stays the last word when its answer has ended: only a newer answer takes it back. */
    boolean isRevoked() {
        return held != null && held.answer.status() == Status.REVOKED;
    }

    /**
     * What counts at a moment. A certificate that a responder does not know stays good for as long as the CA's signed
     * word for it lasts (R36: responders lag behind their CA).
     */
    StapleStatus statusAt(Instant now, RefreshPolicy policy) {
        if (isRevoked()) {
            return StapleStatus.REVOKED;
        }
        if (held != null && now.isBefore(policy.end(held.answer))) {
            return StapleStatus.GOOD;
        }
        return unknown ? StapleStatus.UNKNOWN : StapleStatus.ABSENT;
    }
}
