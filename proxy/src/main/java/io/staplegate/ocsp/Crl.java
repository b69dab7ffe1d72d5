package io.staplegate.ocsp;

import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A revocation list whose signature has been verified, complete or a delta (RFC 5280 §5). It may have ended.
 *
 * @param number counts the lists of a CA and scope; null where it does not count them
 * @param base the number of the list that this is a delta to (RFC 5280 §5.2.4); null: this is a complete one
 * @param deltas where delta lists to this one are (RFC 5280 §5.2.6)
 */
public record Crl(
        Instant thisUpdate,
        Instant nextUpdate,
        @Nullable BigInteger number,
        @Nullable BigInteger base,
        CrlScope scope,
        List<URI> deltas,
        RevokedSerials revoked) {

    public boolean isDelta() {
        return base != null;
    }

    /** Whether it was signed before another of the same CA and scope. */
    public boolean isOlderThan(Crl other) {
        boolean lowerNumber = number != null && other.number != null && number.compareTo(other.number) < 0;
        return lowerNumber || thisUpdate.isBefore(other.thisUpdate);
    }

    /** Whether this speaks of all the certificates of its CA that another list of the same CA speaks of. */
    public boolean speaksForAllOf(Crl other) {
        return isDelta() == other.isDelta() && (scope.equals(other.scope) || scope.equals(CrlScope.ALL));
    }

    /** Whether it is another list, by its dates, numbers, scope and entries. */
    public boolean differsFrom(Crl other) {
        return !thisUpdate.equals(other.thisUpdate)
                || !nextUpdate.equals(other.nextUpdate)
                || !Objects.equals(number, other.number)
                || !Objects.equals(base, other.base)
                || !scope.equals(other.scope)
                || !revoked.hasSameAs(other.revoked);
    }

    /** Whether this is a delta that says what is new since a complete list (RFC 5280 §5.2.4 (c) and (d)). */
    public boolean updates(Crl complete) {
        return base != null
                && number != null
                && complete.number != null
                && !complete.isDelta()
                && scope.equals(complete.scope)
                && base.compareTo(complete.number) <= 0
                && number.compareTo(complete.number) > 0;
    }

    /** Whether this is a delta, and a list too old for it. */
    public boolean isTooNewFor(Crl complete) {
        return base != null
                && !complete.isDelta()
                && scope.equals(complete.scope)
                && complete.number != null
                && base.compareTo(complete.number) > 0;
    }

    /**
     * Why a certificate is revoked, by this list and a delta to it; null: it is not.
     *
     * @param delta one that {@link #updates} this; null: there is none
     */
    public @Nullable Revocation revocation(BigInteger serial, @Nullable Crl delta) {
        Revocation changed = delta == null ? null : delta.revoked.find(serial);
        Revocation found = changed == null ? revoked.find(serial) : changed;
        return found == null || found.reason() == RevocationReason.REMOVE_FROM_CRL ? null : found;
    }
}
