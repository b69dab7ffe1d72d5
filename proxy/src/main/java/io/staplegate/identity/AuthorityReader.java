package io.staplegate.identity;

import static io.staplegate.identity.Findings.describe;
import static io.staplegate.identity.Findings.quote;

import io.staplegate.config.FileReference;
import io.staplegate.config.MirrorConfig;
import io.staplegate.config.Problem;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the CA certificates that {@code mirror.issuers} names, and finds what is wrong with them. */
final class AuthorityReader {
    private static final String CONFIG_KEY = "certificate";

    private final CertificateFiles certificates = new CertificateFiles();
    private final Instant now;

    AuthorityReader(Instant now) {
        this.now = now;
    }

    /** The certificates, in the order of the configuration; those with an error are left out. */
    List<X509Certificate> read(@Nullable MirrorConfig mirror, List<Problem> problems) {
        List<X509Certificate> authorities = new ArrayList<>();
        List<MirrorConfig.Issuer> issuers = mirror == null ? List.of() : mirror.issuers();
        for (int i = 0; i < issuers.size(); i++) {
            Findings findings = new Findings("mirror.issuers[" + i + "]");
            List<X509Certificate> found = read(issuers.get(i).certificate(), findings);
            problems.addAll(findings.problems());
            if (!findings.hasError()) {
                authorities.addAll(found);
            }
        }
        return authorities;
    }

    private List<X509Certificate> read(FileReference file, Findings findings) {
        List<X509Certificate> found = certificates.read(file, CONFIG_KEY, findings);
        if (found.size() > 1) {
            findings.error(
                    CONFIG_KEY,
                    quote(file) + " contains " + found.size() + " certificates",
                    "each CA is an item of its own, with its own responders");
        } else if (!found.isEmpty()) {
            check(found, file, findings);
        }
        return found;
    }

    private void check(List<X509Certificate> found, FileReference file, Findings findings) {
        X509Certificate authority = found.getFirst();
        if (!ChainRules.isAuthority(authority)) {
            findings.error(
                    CONFIG_KEY,
                    describe(found, 0) + " of " + quote(file) + " is no CA certificate",
                    "name the certificate of the CA, not one that it issued");
        }
        Instant end = authority.getNotAfter().toInstant();
        if (now.isAfter(end)) {
            findings.warning(
                    CONFIG_KEY, describe(found, 0) + " expired on " + ChainRules.date(end), "renew it, or remove it");
        }
    }
}
