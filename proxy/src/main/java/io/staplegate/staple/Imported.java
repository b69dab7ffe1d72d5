package io.staplegate.staple;

import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspValidator;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What came of a response that was carried in, for one certificate.
 *
 * @param certificate serial in lower-case hex; null where the response is about none that is tracked
 * @param thisUpdate null unless the response verifies
 * @param nextUpdate null unless the response verifies
 * @param reason why it is worth nothing: lower case, no full stop; null unless refused or unreadable
 */
public record Imported(
        Outcome outcome,
        @Nullable String certificate,
        @Nullable Instant thisUpdate,
        @Nullable Instant nextUpdate,
        @Nullable String reason) {

    /** The largest response that is taken, in bytes. */
    public static final int MAX_BYTES = OcspValidator.MAX_RESPONSE_BYTES;

    /** How it ended. */
    public enum Outcome {
        /** Verified and news: served from now on. */
        ACCEPTED,
        /** Verified, and what is held is as new. */
        NOT_NEWER,
        /** About a certificate that is tracked, and worth nothing. */
        REFUSED,
        /** About other certificates. */
        FOREIGN,
        /** No response that is about any certificate. */
        UNREADABLE;

        /** As scripts read it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** It is about certificates that are not tracked here. */
    public static Imported foreign() {
        return new Imported(Outcome.FOREIGN, null, null, null, null);
    }

    /** It is no response, or none with an answer in it. {@code reason}: lower case, no full stop. */
    public static Imported unreadable(String reason) {
        return new Imported(Outcome.UNREADABLE, null, null, null, reason);
    }

    static Imported refused(String certificate, String reason) {
        return new Imported(Outcome.REFUSED, certificate, null, null, reason);
    }

    static Imported verified(String certificate, OcspAnswer answer, boolean news) {
        Outcome outcome = news ? Outcome.ACCEPTED : Outcome.NOT_NEWER;
        return new Imported(outcome, certificate, answer.thisUpdate(), answer.nextUpdate(), null);
    }
}
