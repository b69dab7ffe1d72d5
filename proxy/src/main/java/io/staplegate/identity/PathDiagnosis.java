package io.staplegate.identity;

import io.staplegate.telemetry.PathFault;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no valid path to a device's certificate, which the JDK's search does not say: the first chain of issuers
 * that there is, and what is wrong with that. Lets nobody in.
 */
final class PathDiagnosis {
    /** Signatures to verify for it, with keys that may be as large as a device likes. */
    private static final int MOST_VERIFIED = 16;

    private final List<X509Certificate> anchors;
    private final List<X509Certificate> others;
    private final X509Certificate leaf;
    private int verified;

    PathDiagnosis(List<X509Certificate> anchors, List<X509Certificate> intermediates, List<X509Certificate> sent) {
        this.anchors = anchors;
        this.others = Stream.concat(sent.stream().skip(1), intermediates.stream())
                .distinct()
                .toList();
        this.leaf = sent.getFirst();
    }

    /** The reason at a moment; in the order in which OpenSSL looks for one. */
    InvalidPathException at(Instant at) {
        List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
        X509Certificate anchor = issuer(leaf, anchors);
        while (anchor == null) {
            X509Certificate next = issuer(chain.getLast(), others);
            if (next == null || chain.contains(next)) {
                return unknown(chain.getLast());
            }
            chain.add(next);
            anchor = issuer(next, anchors);
        }
        if (!LeafUsage.of(leaf).match(leaf)) {
            return fault(PathFault.WRONG_USAGE, leaf);
        }
        if (chain.size() > DeviceTrust.LONGEST_PATH) {
            return fault(PathFault.PATH_TOO_LONG, chain.getLast());
        }
        for (X509Certificate certificate : chain) {
            PathFault fault = PathRules.fault(certificate);
            if (fault != null) {
                return fault(fault, certificate);
            }
        }
        for (X509Certificate certificate : chain) {
            PathFault fault = fault(certificate, at);
            if (fault != null) {
                return fault(fault, certificate);
            }
        }
        PathFault fault = fault(anchor, at);
        return fault == null ? validate(chain, anchor, at) : fault(fault, anchor);
    }

    /** What is wrong with a certificate's dates; null where nothing is. */
    static @Nullable PathFault fault(X509Certificate certificate, Instant at) {
        if (at.isAfter(certificate.getNotAfter().toInstant())) {
            return PathFault.EXPIRED;
        }
        return at.isBefore(certificate.getNotBefore().toInstant()) ? PathFault.NOT_YET_VALID : null;
    }

    private static InvalidPathException fault(PathFault fault, X509Certificate culprit) {
        return new InvalidPathException(fault, culprit.getSubjectX500Principal().toString());
    }

    private @Nullable X509Certificate issuer(X509Certificate subject, List<X509Certificate> candidates) {
        return candidates.stream()
                .filter(candidate -> isNamesake(candidate, subject)
                        && ++verified <= MOST_VERIFIED
                        && Signatures.signedWith(candidate.getPublicKey(), subject))
                .findFirst()
                .orElse(null);
    }

    /** Whether one certificate is, by what another says, that one's issuer. */
    private static boolean isNamesake(X509Certificate candidate, X509Certificate subject) {
        if (!candidate.getSubjectX500Principal().equals(subject.getIssuerX500Principal())) {
            return false;
        }
        try {
            ASN1Primitive named = Extensions.value(subject, Extension.authorityKeyIdentifier);
            ASN1Primitive own = Extensions.value(candidate, Extension.subjectKeyIdentifier);
            byte[] key = AuthorityKeyIdentifier.getInstance(named) == null
                    ? null
                    : AuthorityKeyIdentifier.getInstance(named).getKeyIdentifierOctets();
            return key == null
                    || own == null
                    || Arrays.equals(key, ASN1OctetString.getInstance(own).getOctets());
        } catch (IllegalArgumentException | IllegalStateException e) { // both from what is no key identifier
            return false;
        }
    }

    private InvalidPathException unknown(X509Certificate top) {
        boolean forged = Stream.concat(anchors.stream(), others.stream())
                .anyMatch(candidate -> !candidate.equals(top) && isNamesake(candidate, top));
        return new InvalidPathException(
                forged ? PathFault.BAD_SIGNATURE : PathFault.UNKNOWN_CA,
                top.getSubjectX500Principal() + ", issued by " + top.getIssuerX500Principal());
    }

    private static InvalidPathException validate(List<X509Certificate> chain, X509Certificate anchor, Instant at) {
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            var path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
        } catch (CertPathValidatorException e) {
            return new InvalidPathException(fault(e.getReason()), String.valueOf(e.getMessage()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java validates paths", e);
        }
        return fault(PathFault.UNKNOWN_CA, chain.getLast());
    }

    private static PathFault fault(Reason reason) {
        return switch (reason) {
            case PKIXReason.NOT_CA_CERT, PKIXReason.INVALID_KEY_USAGE -> PathFault.NOT_A_CA;
            case PKIXReason.PATH_TOO_LONG -> PathFault.PATH_TOO_LONG;
            case PKIXReason.INVALID_NAME -> PathFault.NAME_CONSTRAINT;
            case BasicReason.ALGORITHM_CONSTRAINED -> PathFault.WEAK;
            case BasicReason.EXPIRED -> PathFault.EXPIRED;
            case BasicReason.NOT_YET_VALID -> PathFault.NOT_YET_VALID;
            default -> PathFault.UNSUPPORTED;
        };
    }
}
