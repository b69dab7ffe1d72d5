package io.staplegate.device;

import io.staplegate.ocsp.Crl;
import io.staplegate.ocsp.Revocation;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The lists of a CA that decide about one certificate: the newest complete one that covers it, and the newest delta to
 * that (RFC 5280 §6.3.3).
 *
 * @param delta null: there is none that fits
 */
record CrlOpinion(Crl base, @Nullable Crl delta) {
    /** Chooses among lists of one CA; null: none of them covers the certificate. */
    static @Nullable CrlOpinion of(Collection<Crl> lists, X509Certificate certificate) {
        Crl base = lists.stream()
                .filter(list -> !list.isDelta() && list.scope().covers(certificate))
                .max(Comparator.comparing(Crl::thisUpdate).thenComparing(Crl::nextUpdate))
                .orElse(null);
        return base == null
                ? null
                : new CrlOpinion(
                        base,
                        lists.stream()
                                .filter(list -> list.updates(base))
                                .max(Comparator.comparing(Crl::thisUpdate))
                                .orElse(null));
    }

    CrlStatus status(X509Certificate certificate, Instant at) {
        Revocation revocation = base.revocation(certificate.getSerialNumber(), delta);
        Instant until = until();
        if (revocation != null) {
            return new CrlStatus.Revoked(from(), revocation.since(), revocation.reason(), until);
        }
        return at.isBefore(until) ? new CrlStatus.Good(from(), until) : new CrlStatus.Ended(from(), until);
    }

    private Instant from() {
        return delta != null && delta.thisUpdate().isAfter(base.thisUpdate()) ? delta.thisUpdate() : base.thisUpdate();
    }

    /** A delta brings its base up to date, also one that has ended; where it has itself, it still says what it knew. */
    private Instant until() {
        return delta != null && delta.nextUpdate().isAfter(base.nextUpdate()) ? delta.nextUpdate() : base.nextUpdate();
    }
}
