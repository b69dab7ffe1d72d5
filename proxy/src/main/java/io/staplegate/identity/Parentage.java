package io.staplegate.identity;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate issued which: by name and by signature, each pair verified once. A key identifier would add nothing
 * to a signature that verifies. Safe for use by any thread.
 */
final class Parentage {
    private final Map<Pair, Boolean> verified = new ConcurrentHashMap<>();

    private record Pair(X509Certificate issuer, X509Certificate subject) {}

    boolean issued(X509Certificate issuer, X509Certificate subject) {
        return subject.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
                && verified.computeIfAbsent(
                        new Pair(issuer, subject), pair -> Signatures.signedWith(issuer.getPublicKey(), subject));
    }

    boolean selfSigned(X509Certificate certificate) {
        return issued(certificate, certificate);
    }

    /** The one among some certificates that issued another; null where none did. */
    @Nullable
    X509Certificate issuerOf(X509Certificate subject, List<X509Certificate> candidates) {
        for (X509Certificate candidate : candidates) {
            if (issued(candidate, subject)) {
                return candidate;
            }
        }
        return null;
    }
}
