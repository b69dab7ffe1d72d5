package io.staplegate.staple;

import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.telemetry.Rung;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of asking one responder about one certificate. */
sealed interface Finding {
    URI responder();

    /**
     * A verified answer, good or revoked.
     *
     * @param rung of the ladder that it came by
     */
    record Answer(URI responder, OcspAnswer answer, Rung rung) implements Finding {}

    /**
     * A responder that is there, but has no answer about this certificate (R8).
     *
     * @param text for people: lower case, no full stop
     * @param unknown whether it said so in a verified response
     */
    record Refusal(URI responder, String text, boolean unknown) implements Finding {}

    /**
     * No usable response.
     *
     * @param text for people: lower case, no full stop
     * @param retryAfter what the responder asked for; null where it said nothing
     */
    record Failure(URI responder, String text, @Nullable Duration retryAfter) implements Finding {}

    /**
     * No request: whoever could be asked gives nobody an answer at present.
     *
     * @param responder the one that would be asked first
     */
    record Unasked(URI responder) implements Finding {
        String text() {
            return "responder \"" + responder + "\" was not asked: it gives nobody an answer at present";
        }
    }

    /** The rung that a look ends on which has found this; {@code isAnswered}: whether what is held is valid. */
    default Rung rung(boolean isAnswered) {
        return switch (this) {
            case Answer answer -> answer.rung;
            case Refusal _, Failure _, Unasked _ -> isAnswered ? Rung.LAST_GOOD : Rung.NOTHING;
        };
    }

    /** The one that says more: an answer (of two the newer), then a refusal, then a failure; of two equals, this. */
    default Finding orBetter(Finding other) {
        if (this instanceof Answer mine && other instanceof Answer theirs) {
            return Knowledge.NEWER.compare(mine.answer, theirs.answer) < 0 ? theirs : mine;
        }
        return other.rank() < rank() ? other : this;
    }

    private int rank() {
        return switch (this) {
            case Answer _ -> 0;
            case Refusal _ -> 1;
            case Failure _ -> 2;
            case Unasked _ -> 3;
        };
    }

    /** The same, of an answer no higher on the ladder than a rung. */
    default Finding noHigherThan(Rung lowest) {
        return this instanceof Answer found && found.rung.compareTo(lowest) < 0
                ? new Answer(found.responder, found.answer, lowest)
                : this;
    }
}
