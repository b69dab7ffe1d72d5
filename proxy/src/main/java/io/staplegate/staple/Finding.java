package io.staplegate.staple;

import io.staplegate.ocsp.OcspAnswer;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of asking one responder about one certificate. */
sealed interface Finding {
    URI responder();

    /** A verified answer, good or revoked. */
    record Answer(URI responder, OcspAnswer answer) implements Finding {}

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
}
