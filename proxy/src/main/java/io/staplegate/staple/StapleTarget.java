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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that a staple is wanted for. Chains that have it in common share its target.
 *
 * @param key what its file is named by: its CertID, with SHA-1 whatever is asked with, so that a choice of
 *     {@code ocsp.certIdHash} does not orphan what is on disk
 * @param responders in order; empty: it has none, which is a normal state (R39)
 */
record StapleTarget(String key, X509Certificate certificate, X509Certificate issuer, List<URI> responders) {

    /** The target at a position of an identity's chain; null for a root, and where the issuer is not known. */
    static @Nullable StapleTarget of(Identity identity, int position) {
        X509Certificate issuer = identity.issuerOf(position);
        if (issuer == null) {
            return null;
        }
        X509Certificate certificate = identity.chain().get(position);
        List<URI> configured = identity.config().responders();
        List<URI> responders = configured.isEmpty() ? Extensions.responders(certificate) : configured;
        String key = CertId.of(CertIdHash.SHA1, certificate, issuer).fileName();
        return new StapleTarget(key, certificate, issuer, List.copyOf(responders));
    }

    /** This target, with the responders that another identity has for the same certificate after its own. */
    StapleTarget join(StapleTarget other) {
        Set<URI> all = new LinkedHashSet<>(responders);
        return all.addAll(other.responders) ? new StapleTarget(key, certificate, issuer, List.copyOf(all)) : this;
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

    /** Whether the certificate may be asked about at a moment: it has a responder, and has not expired (R19). */
    boolean canBeAskedAt(Instant at) {
        return !responders.isEmpty() && at.isBefore(certificate.getNotAfter().toInstant());
    }
}
