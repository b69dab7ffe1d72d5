package io.staplegate.ocsp;

import io.staplegate.ocsp.Verdict.Reason;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a revocation list is worth. */
public sealed interface CrlVerdict {
    /**
     * The list verifies, and holds now.
     *
     * @param number counts the lists of a CA (RFC 5280 §5.2.3); null where it does not count them
     */
    record Valid(
            Instant thisUpdate,
            Instant nextUpdate,
            @Nullable BigInteger number) implements CrlVerdict {
        /** Whether a list was signed before another of the same CA. */
        public boolean isOlderThan(Valid other) {
            boolean lowerNumber = number != null && other.number != null && number.compareTo(other.number) < 0;
            return lowerNumber || thisUpdate.isBefore(other.thisUpdate);
        }
    }

    /**
     * The list proves nothing.
     *
     * @param reasons at least one
     * @param mends when time alone makes it valid; {@link Instant#MAX}: never
     */
    record Unusable(List<Reason> reasons, Instant mends) implements CrlVerdict {}
}
