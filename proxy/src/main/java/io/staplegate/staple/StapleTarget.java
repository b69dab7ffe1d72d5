package io.staplegate.staple;

import io.staplegate.identity.Extensions;
import io.staplegate.identity.Identity;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.CertIdHash;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that a staple is wanted for. Chains that have it in common share its target.
 *
 * @param key what its file is named by: its CertID, with SHA-1 whatever is asked with, so that a choice of
 *     {@code ocsp.certIdHash} does not orphan what is on disk
 * @param responders in order; empty: it has none, which is a normal state (R39)
 * @param upstream another Staplegate's mirror, asked when they have no answer; null: there is none
 */
record StapleTarget(
        String key,
        X509Certificate certificate,
        X509Certificate issuer,
        List<URI> responders,
        @Nullable URI upstream) {

    /** The target at a position of an identity's chain; null for a root, and where the issuer is not known. */
    static @Nullable StapleTarget of(Identity identity, int position, @Nullable URI upstream) {
        X509Certificate issuer = identity.issuerOf(position);
        if (issuer == null) {
            return null;
        }
        X509Certificate certificate = identity.chain().get(position);
        List<URI> configured = identity.config().responders();
        List<URI> responders = configured.isEmpty() ? Extensions.responders(certificate) : configured;
        String key = CertId.of(CertIdHash.SHA1, certificate, issuer).fileName();
        return new StapleTarget(key, certificate, issuer, List.copyOf(responders), upstream);
    }

    /** This target, with the responders that another identity has for the same certificate after its own. */
    StapleTarget join(StapleTarget other) {
        Set<URI> all = new LinkedHashSet<>(responders);
        return all.addAll(other.responders)
                ? new StapleTarget(key, certificate, issuer, List.copyOf(all), upstream)
                : this;
    }

    /** The same, with one of those who can be asked alone. */
    StapleTarget only(URI one) {
        return one.equals(upstream)
                ? new StapleTarget(key, certificate, issuer, List.of(), upstream)
                : new StapleTarget(key, certificate, issuer, List.of(one), null);
    }

    /** Everybody who can be asked, in order. */
    Stream<URI> askable() {
        return Stream.concat(responders.stream(), Stream.ofNullable(upstream));
    }

    CertId certId(CertIdHash hash) {
        return CertId.of(hash, certificate, issuer);
    }

    /** The serial in lower-case hex. */
    String serial() {
        return serial(certificate);
    }

    static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16);
    }

    /** Who is asked first; empty: nobody can be asked. */
    Optional<URI> firstAsked() {
        return askable().findFirst();
    }

    /** Whether the certificate may be asked about: there is somebody to ask, and it has not expired (R19). */
    boolean canBeAskedAt(Instant at) {
        return firstAsked().isPresent() && at.isBefore(certificate.getNotAfter().toInstant());
    }
}
