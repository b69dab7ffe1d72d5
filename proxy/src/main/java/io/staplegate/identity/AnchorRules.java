package io.staplegate.identity;

import io.staplegate.telemetry.PathFault;
import java.io.IOException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.x509.Extension;

/**
 * What a trust anchor's own certificate allows below it. The JDK's validator does not look at that (RFC 5280 §6.2
 * leaves it open), and an operator who trusts an intermediate that is confined to some names means just those.
 */
final class AnchorRules {
    private static final int DIRECTORY_NAME = 4;

    private AnchorRules() {}

    /** {@code path}: what is below the anchor, the device's certificate first. */
    static void check(X509Certificate anchor, List<X509Certificate> path) throws InvalidPathException {
        X509CertSelector length = new X509CertSelector();
        length.setBasicConstraints((int) path.stream()
                .skip(1)
                .filter(certificate -> !isSelfIssued(certificate))
                .count());
        if (anchor.getVersion() >= 3 && !length.match(anchor)) {
            throw new InvalidPathException(
                    PathFault.PATH_TOO_LONG, "more CAs below " + anchor.getSubjectX500Principal() + " than it allows");
        }
        if (anchor.getExtensionValue(Extension.nameConstraints.getId()) != null && !permitsNames(anchor, path)) {
            throw new InvalidPathException(
                    PathFault.NAME_CONSTRAINT, "a name that " + anchor.getSubjectX500Principal() + " does not permit");
        }
    }

    private static boolean permitsNames(X509Certificate anchor, List<X509Certificate> path) {
        try {
            X509CertSelector names = new X509CertSelector();
            names.setPathToNames(namesOf(path));
            return names.match(anchor);
        } catch (IOException | CertificateParsingException e) {
            return false; // a name that cannot be understood
        }
    }

    private static List<List<?>> namesOf(List<X509Certificate> path) throws CertificateParsingException {
        List<List<?>> names = new ArrayList<>();
        for (X509Certificate certificate : path) {
            if (certificate.equals(path.getFirst()) || !isSelfIssued(certificate)) {
                names.add(List.of(
                        DIRECTORY_NAME, certificate.getSubjectX500Principal().getEncoded()));
                Collection<List<?>> others = certificate.getSubjectAlternativeNames();
                if (others != null) {
                    others.forEach(name -> names.add(List.of(name.get(0), name.get(1))));
                }
            }
        }
        return names;
    }

    private static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }
}
