package io.staplegate.staple;

import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspAnswer.Status;
import io.staplegate.telemetry.Rung;
import io.staplegate.telemetry.Telemetry.StapleStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one certificate. Immutable.
 *
 * @param held the newest verified answer, good or revoked; kept after its end, so that nothing older replaces a
 *     revocation
 * @param unknown whether the last responder that answered does not know the certificate
 * @param failures looks in a row that found no answer
 * @param lastError why the last look found no answer; null where it found one
 * @param nextLook null where none is planned
 */
record Knowledge(
        @Nullable Held held,
        boolean unknown,
        int failures,
        @Nullable String lastError,
        @Nullable Instant nextLook) {

    static final Knowledge NOTHING = new Knowledge(null, false, 0, null, null);

    /**
     * A verified answer, good or revoked.
     *
     * @param fetchedAt when it came
     * @param rung of the ladder that it came by; null where that is not known: it was kept on disk
     */
    record Held(
            OcspAnswer answer, Instant fetchedAt, @Nullable Rung rung) {}

    /** The newest statement wins; of two that are equally new, the revocation. */
    static final Comparator<OcspAnswer> NEWER = Comparator.comparing(OcspAnswer::thisUpdate)
            .thenComparing(answer -> answer.status() == Status.REVOKED)
            .thenComparing(OcspAnswer::nextUpdate);

    @Nullable
    OcspAnswer answer() {
        return held == null ? null : held.answer;
    }

    boolean holdsOtherThan(Knowledge before) {
        return !Objects.equals(answer(), before.answer());
    }

    /**
     * Whether an answer replaces the one that is held. A newer one does, unless it says the same and is itself at its
     * end while what is held is not. An older one does once a good one cannot be stapled any more, if it can.
     */
    boolean isNews(OcspAnswer other, Instant now, RefreshPolicy policy) {
        OcspAnswer answer = answer();
        if (answer == null) {
            return true;
        }
        boolean newer = NEWER.compare(other, answer) > 0;
        if (isRevoked() || (newer && other.status() == Status.REVOKED)) {
            return newer;
        }
        boolean lasts = now.isBefore(policy.end(other));
        boolean over = !now.isBefore(policy.end(answer));
        return newer ? lasts || over : lasts && over;
    }

    /**
     * Whether an answer from elsewhere says other than what counts here, and is no newer. That somebody does not know
     * the certificate is never news (R36).
     */
    boolean contradicts(OcspAnswer other, Instant now, RefreshPolicy policy) {
        OcspAnswer answer = answer();
        if (answer == null || other.status() == answer.status()) {
            return false;
        }
        boolean counts = isRevoked() || now.isBefore(policy.end(answer));
        return counts && (other.status() == Status.UNKNOWN || NEWER.compare(other, answer) <= 0);
    }

    /** With what one look has found. */
    Knowledge with(Finding finding, Instant now, RefreshPolicy policy) {
        return switch (finding) {
            case Finding.Answer news
            when isNews(news.answer(), now, policy) -> holding(new Held(news.answer(), now, news.rung()));
            case Finding.Answer same -> new Knowledge(confirmedBy(same), false, 0, null, null);
            case Finding.Refusal refusal -> new Knowledge(held, refusal.unknown(), failures + 1, refusal.text(), null);
            case Finding.Failure failure -> new Knowledge(held, unknown, failures + 1, failure.text(), null);
            case Finding.Unasked unasked ->
                new Knowledge(held, unknown, failures, lastError == null ? unasked.text() : lastError, null);
        };
    }

    /** Who gives the very answer that is held has it, whoever gave it first. */
    private @Nullable Held confirmedBy(Finding.Answer other) {
        return held != null && NEWER.compare(other.answer(), held.answer) == 0
                ? new Held(held.answer, held.fetchedAt, other.rung())
                : held;
    }

    /** How what is stapled is had, in one word; {@code stapled}: whether something is. */
    String rung(boolean stapled) {
        if (held == null || !stapled) {
            return word(Rung.NOTHING);
        }
        if (lastError != null) {
            return word(Rung.LAST_GOOD);
        }
        return held.rung == null ? "stored" : word(held.rung);
    }

    private static String word(Rung rung) {
        return rung.name().toLowerCase(Locale.ROOT);
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
