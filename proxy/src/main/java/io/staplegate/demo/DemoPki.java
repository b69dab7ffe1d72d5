package io.staplegate.demo;

import java.net.URI;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;

/**
 * The demo's certificates: a root, an intermediate, and what the intermediate issued, a server's and a device's.
 *
 * @param server for localhost, 127.0.0.1 and ::1
 */
public record DemoPki(
        Authority root,
        Authority intermediate,
        X509Certificate server,
        PrivateKey serverKey,
        X509Certificate device,
        PrivateKey deviceKey) {

    private static final Duration ROOT_LIFETIME = Duration.ofDays(3650);
    private static final Duration LIFETIME = Duration.ofDays(365);

    /** Devices' clocks are late. */
    private static final Duration HEAD_START = Duration.ofHours(1);

    /** What ends sooner than this is made anew. */
    private static final Duration LEAST_REMAINDER = Duration.ofDays(1);

    /** Everything new. {@code responder}: what the server's certificate and the intermediate name. */
    public static DemoPki issue(URI responder, Instant now) {
        return issue(Authority.root("Staplegate demo root", now.minus(HEAD_START), ROOT_LIFETIME), responder, now);
    }

    /** Everything new below a root that devices trust already. */
    static DemoPki issue(Authority root, URI responder, Instant now) {
        Authority intermediate =
                root.intermediate(issuance("Staplegate demo intermediate", now).responders(responder));
        KeyPair serverKeys = Authority.newKeys("EC");
        X509Certificate server = intermediate.issue(
                issuance("localhost", now)
                        .names("localhost", "127.0.0.1", "::1")
                        .responders(responder)
                        .serverAuth(),
                serverKeys.getPublic());
        KeyPair deviceKeys = Authority.newKeys("EC");
        X509Certificate device = intermediate.issue(
                issuance("demo device", now).responders(responder).clientAuth(), deviceKeys.getPublic());
        return new DemoPki(root, intermediate, server, serverKeys.getPrivate(), device, deviceKeys.getPrivate());
    }

    private static Issuance issuance(String commonName, Instant now) {
        return Issuance.named(commonName).valid(now.minus(HEAD_START), LIFETIME);
    }

    /** A book in which both authorities answer. */
    public StatusBook book(Duration validity, InstantSource clock) {
        return new StatusBook(validity, clock).open(root).open(intermediate);
    }

    /** Whether all of it is valid for a good while, and names this responder. */
    boolean isUsable(URI responder, Instant now) {
        return isLasting(root.certificate(), now)
                && Stream.of(intermediate.certificate(), server, device)
                        .allMatch(certificate -> isLasting(certificate, now) && names(certificate, responder));
    }

    static boolean isLasting(X509Certificate certificate, Instant now) {
        return certificate.getNotAfter().toInstant().isAfter(now.plus(LEAST_REMAINDER));
    }

    private static boolean names(X509Certificate certificate, URI responder) {
        try {
            var access = AuthorityInformationAccess.fromExtensions(
                    new JcaX509CertificateHolder(certificate).getExtensions());
            return access != null
                    && access.getAccessDescriptions()[0]
                            .getAccessLocation()
                            .getName()
                            .toString()
                            .equals(responder.toString());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has no encoding", e);
        }
    }
}
