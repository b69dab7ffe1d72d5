package io.staplegate.device;

import java.time.Instant;

/** What one source says of one certificate. */
sealed interface Word {
    /**
     * Not revoked.
     *
     * @param from when it was said: the thisUpdate
     * @param until the nextUpdate, which may have passed
     */
    record Good(Evidence by, Instant from, Instant until) implements Word {
        boolean holdsAt(Instant now) {
            return now.isBefore(until);
        }
    }

    /**
     * Revoked. That holds until somebody says otherwise later, whatever its nextUpdate.
     *
     * @param from when it was said: the thisUpdate
     * @param until the nextUpdate: until then nothing is known to be newer
     */
    record Revoked(Evidence by, Instant from, Instant until) implements Word {
        boolean holdsAt(Instant now) {
            return now.isBefore(until);
        }
    }

    /** No answer. */
    enum Silence implements Word {
        /** It was asked, and does not know the certificate. */
        UNKNOWN,
        /** It could say something, and nobody knows what. */
        NOTHING,
        /** It has nothing to say of this certificate: there is nobody to ask. */
        NO_SOURCE
    }

    /** Whether it decides, so that nobody else need be asked. */
    default boolean isAnswerAt(Instant now) {
        return switch (this) {
            case Good good -> good.holdsAt(now);
            case Revoked _ -> true;
            case Silence _ -> false;
        };
    }
}
