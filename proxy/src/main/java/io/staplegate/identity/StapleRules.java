package io.staplegate.identity;

import static io.staplegate.identity.Findings.describe;

import io.staplegate.config.IdentityConfig;
import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.config.IdentityConfig.StatusScope;
import io.staplegate.config.Problem;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/** What stapling needs: a responder to ask, an issuer to verify with, and no contradiction of the certificate. */
final class StapleRules {
    private static final String CONFIG_KEY = "stapling";
    private static final int STATUS_REQUEST = 5;
    private static final int STATUS_REQUEST_V2 = 17;

    private final IdentityConfig config;
    private final boolean upstream;
    private final Parentage parentage;
    private final Findings findings;

    /**
     * The rules for one identity.
     *
     * @param upstream whether another Staplegate can be asked in place of a responder
     */
    StapleRules(IdentityConfig config, boolean upstream, Parentage parentage, Findings findings) {
        this.config = config;
        this.upstream = upstream;
        this.parentage = parentage;
        this.findings = findings;
    }

    void check(List<X509Certificate> chain, List<X509Certificate> issuers) {
        boolean demanded = checkFeatures(chain.getFirst());
        if (config.stapling() == Stapling.OFF) {
            return;
        }
        if (demanded || config.stapling() == Stapling.MUST) {
            checkObtainable(chain.getFirst());
        }
        if (!findings.hasError("certificate") && !findings.hasError("issuers")) {
            checkIssuer(chain, issuers);
        }
    }

    /** RFC 7633 (R32, R33). Returns whether the leaf demands a staple. */
    private boolean checkFeatures(X509Certificate leaf) {
        Set<Integer> features = Extensions.tlsFeatures(leaf);
        for (int feature : features) {
            if (feature != STATUS_REQUEST && feature != STATUS_REQUEST_V2) {
                findings.error(
                        "certificate",
                        "the certificate demands TLS extension " + feature + ", which Staplegate does not have",
                        null);
            }
        }
        boolean demanded = features.contains(STATUS_REQUEST);
        if (demanded && config.stapling() == Stapling.OFF) {
            findings.error(
                    CONFIG_KEY,
                    "\"off\" contradicts the certificate, which demands a staple",
                    "set \"stapling: must\"");
        } else if (demanded && config.stapling() == Stapling.AUTO) {
            findings.warning(
                    CONFIG_KEY,
                    "\"auto\" also serves without a staple, which the certificate demands",
                    "set \"stapling: must\"");
        }
        return demanded;
    }

    private void checkObtainable(X509Certificate leaf) {
        if (parentage.selfSigned(leaf)) {
            findings.error(
                    CONFIG_KEY, "the certificate is self-signed and can have no staple", "set \"stapling: off\"");
        } else if (!hasResponder(leaf)) {
            findings.error(
                    CONFIG_KEY,
                    "neither the certificate nor \"responders\" names a responder",
                    "add one to \"responders\"");
        }
    }

    /** Within a chain each one is followed by its issuer, so that only the last one's can be missing. */
    private void checkIssuer(List<X509Certificate> chain, List<X509Certificate> issuers) {
        int last = chain.size() - 1;
        X509Certificate topmost = chain.getLast();
        boolean stapled = hasResponder(topmost) && (last == 0 || config.statusScope() == StatusScope.CHAIN);
        if (!stapled || parentage.selfSigned(topmost)) {
            return;
        }
        if (parentage.issuerOf(topmost, issuers) == null) {
            findings.error(
                    "issuers",
                    Problem.quoted(topmost.getIssuerX500Principal().getName()) + ", which issued "
                            + describe(chain, last) + ", is missing",
                    "name a file with that CA certificate, to verify staples with"
                            + (last == 0 ? "" : ", or set \"statusScope: leaf\""));
        }
    }

    private boolean hasResponder(X509Certificate certificate) {
        return upstream
                || !config.responders().isEmpty()
                || !Extensions.responders(certificate).isEmpty();
    }
}
