package io.staplegate.fetch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sees of the responders at one host and port. Immutable.
 *
 * @param hostPort their host and port
 * @param circuit the worst of their circuits
 * @param nextProbe when one that is open is probed, at the earliest; null for others
 * @param lastAnswer when one last gave an answer, be it that it has none; null: it never has
 * @param lastError why one last gave none, for people; null: they always have
 * @param lastErrorAt when that was; null: never
 */
public record ResponderView(
        String hostPort,
        Circuit circuit,
        @Nullable Instant nextProbe,
        @Nullable Instant lastAnswer,
        @Nullable String lastError,
        @Nullable Instant lastErrorAt) {

    /** Whether a responder is asked; {@code PROBED}: it is open, and a probe is on its way. */
    public enum Circuit {
        CLOSED,
        PROBED,
        OPEN
    }
}
