package io.staplegate.fetch;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What came of asking one responder once. */
public sealed interface Fetched {
    /**
     * A response of HTTP's kind 2xx; what the bytes mean is for others to judge.
     *
     * @param bytes 1 byte to 64 KiB
     * @param otherMethod whether the method that R18 asks for was refused, by GET or by POST, and the other was not
     * @param date what the responder takes for the time ({@code Date} and {@code Age}); null where it did not say
     */
    record Body(byte[] bytes, boolean otherMethod, @Nullable Instant date) implements Fetched {}

    /**
     * No usable HTTP response.
     *
     * @param outcome the value of the metric's {@code outcome} label
     * @param text for people: lower case, no full stop, names the responder
     * @param retryAfter what the responder asked for (RFC 9110 §10.2.3); null where it said nothing
     * @param unavailable whether the responder is in trouble whatever it is asked: it gave no HTTP response at all, or
     *     429 or 503
     */
    record Failure(Outcome outcome, String text, @Nullable Duration retryAfter, boolean unavailable)
            implements Fetched {
        /** Whether the request was made, and thus says something of the responder. */
        public boolean wasAsked() {
            return outcome != Outcome.INTERRUPTED && outcome != Outcome.DOWN;
        }
    }

    /** How a request to a responder ends. */
    enum Outcome {
        OK,
        REFUSED,
        TIMEOUT,
        DNS,
        TLS,
        HTTP_STATUS,
        REDIRECT,
        OVERSIZE,
        /** The client was closed before the end. */
        INTERRUPTED,
        /** The responder turned out to be down while the request waited for its place. */
        DOWN,
        /** Whoever asked did not wait for the end: another responder had answered. */
        CANCELLED,
        OTHER
    }
}
