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
 * @param answer the newest verified answer, good or revoked; kept after its end, so that nothing older replaces a
 *     revocation
 * @param fetchedAt when that came; null without one
 * @param unknown whether the last responder that answered does not know the certificate
 * @param failures looks in a row that found no answer
 * @param lastError of the last look; null where it found an answer
 * @param nextLook null where none is planned
 */
record Knowledge(
        @Nullable OcspAnswer answer,
        @Nullable Instant fetchedAt,
        boolean unknown,
        int failures,
        @Nullable String lastError,
        @Nullable Instant nextLook) {

    static final Knowledge NOTHING = new Knowledge(null, null, false, 0, null, null);

    /** The newest statement wins; of two that are equally new, the revocation. */
    private static final Comparator<OcspAnswer> NEWER = Comparator.comparing(OcspAnswer::thisUpdate)
            .thenComparing(answer -> answer.status() == Status.REVOKED)
            .thenComparing(OcspAnswer::nextUpdate);

    /** Whether an answer replaces the one that is held. */
    boolean isNews(OcspAnswer other, Instant now) {
        if (answer == null || NEWER.compare(other, answer) > 0) {
            return true;
        }
        return !isRevoked() && !now.isBefore(answer.nextUpdate());
    }

    /** With what one look has found. */
    Knowledge with(Finding finding, Instant now) {
        return switch (finding) {
            case Finding.Answer(var responder, OcspAnswer found) when isNews(found, now) -> holding(found, now);
            case Finding.Answer same -> new Knowledge(answer, fetchedAt, false, 0, null, null);
            case Finding.Refusal refusal ->
                new Knowledge(answer, fetchedAt, refusal.unknown(), failures + 1, refusal.text(), null);
            case Finding.Failure failure ->
                new Knowledge(answer, fetchedAt, unknown, failures + 1, failure.text(), null);
        };
    }

    Knowledge lookingAt(@Nullable Instant next) {
        return new Knowledge(answer, fetchedAt, unknown, failures, lastError, next);
    }

    static Knowledge holding(OcspAnswer answer, Instant fetchedAt) {
        return new Knowledge(answer, fetchedAt, false, 0, null, null);
    }

    /** A revocation stays the last word when its answer has ended: only a newer answer takes it back. */
    boolean isRevoked() {
        return answer != null && answer.status() == Status.REVOKED;
    }

    /**
     * What counts at a moment. A certificate that a responder does not know stays good for as long as the CA's signed
     * word for it lasts (R36: responders lag behind their CA).
     */
    StapleStatus statusAt(Instant now, RefreshPolicy policy) {
        if (isRevoked()) {
            return StapleStatus.REVOKED;
        }
        if (answer != null && now.isBefore(policy.end(answer))) {
            return StapleStatus.GOOD;
        }
        return unknown ? StapleStatus.UNKNOWN : StapleStatus.ABSENT;
    }
}
