package io.staplegate.ocsp;

import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.jspecify.annotations.Nullable;

/**
 * Which certificates of its CA a revocation list speaks of (RFC 5280 §5.2.5).
 *
 * @param kind of certificates
 * @param names of the partition, in DER, as hex: one of them is in each certificate; null: the list is whole
 */
public record CrlScope(Kind kind, @Nullable Set<String> names) {
    static final CrlScope ALL = new CrlScope(Kind.ALL, null);

    /** Which certificates. */
    public enum Kind {
        ALL,
        USER,
        CA,
        ATTRIBUTE
    }

    static CrlScope of(IssuingDistributionPoint point) {
        Set<String> names = point.getDistributionPoint() == null
                ? null
                : DistributionPoints.names(point.getDistributionPoint())
                        .map(DistributionPoints::encoded)
                        .collect(Collectors.toUnmodifiableSet());
        return new CrlScope(kind(point), names);
    }

    /** Whether the absence of a certificate from the list says that it is not revoked (RFC 5280 §6.3.3 (b)(2)). */
    public boolean covers(X509Certificate certificate) {
        boolean isAuthority = certificate.getBasicConstraints() >= 0;
        boolean isOfKind = switch (kind) {
            case ALL -> true;
            case USER -> !isAuthority;
            case CA -> isAuthority;
            case ATTRIBUTE -> false;
        };
        return isOfKind && (names == null || isInPartition(certificate, names));
    }

    private static boolean isInPartition(X509Certificate certificate, Set<String> names) {
        Set<String> own = DistributionPoints.of(certificate).names();
        return own.isEmpty()
                ? names.contains(DistributionPoints.issuerName(certificate))
                : !Collections.disjoint(own, names);
    }

    private static Kind kind(IssuingDistributionPoint point) {
        if (point.onlyContainsUserCerts()) {
            return Kind.USER;
        }
        if (point.onlyContainsCACerts()) {
            return Kind.CA;
        }
        return point.onlyContainsAttributeCerts() ? Kind.ATTRIBUTE : Kind.ALL;
    }
}
