package io.staplegate.identity;

import static io.staplegate.identity.Findings.describe;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a chain must be: each certificate followed by the CA that issued it, nothing twice, valid now. */
final class ChainRules {
    private static final String CONFIG_KEY = "certificate";

    private final List<X509Certificate> chain;
    private final Parentage parentage;
    private final Findings findings;

    ChainRules(List<X509Certificate> chain, Parentage parentage, Findings findings) {
        this.chain = chain;
        this.parentage = parentage;
        this.findings = findings;
    }

    void check(Instant now) {
        if (isDistinct() && isOrdered()) {
            checkAuthorities();
            checkRoot();
        }
        checkDates(now);
    }

    private boolean isDistinct() {
        for (int i = 1; i < chain.size(); i++) {
            int first = chain.indexOf(chain.get(i));
            if (first < i) {
                findings.error(
                        CONFIG_KEY,
                        describe(chain, i) + " repeats certificate " + (first + 1),
                        "remove one: every device would receive both");
                return false;
            }
        }
        return true;
    }

    private boolean isOrdered() {
        for (int i = 1; i < chain.size(); i++) {
            if (!parentage.issued(chain.get(i), chain.get(i - 1))) {
                List<X509Certificate> ordered = longestChain();
                if (ordered.size() == chain.size()) {
                    findings.error(
                            CONFIG_KEY, "certificates are out of order", "the right order is " + numbers(ordered));
                } else {
                    findings.error(
                            CONFIG_KEY,
                            describe(chain, i) + " did not issue " + describe(chain, i - 1),
                            "put the leaf first, then its issuer, then that one's; leave out the rest");
                }
                return false;
            }
        }
        return true;
    }

    /** As much of one chain as the certificates make, from one that issued no other. */
    private List<X509Certificate> longestChain() {
        List<X509Certificate> left = new ArrayList<>(chain);
        List<X509Certificate> ordered = new ArrayList<>();
        X509Certificate next = chain.stream()
                .filter(candidate -> chain.stream()
                        .noneMatch(other -> !other.equals(candidate) && parentage.issued(candidate, other)))
                .findFirst()
                .orElse(null);
        while (next != null) {
            ordered.add(next);
            left.remove(next);
            next = parentage.issuerOf(next, left);
        }
        return ordered;
    }

    private String numbers(List<X509Certificate> ordered) {
        return ordered.stream()
                .map(certificate -> String.valueOf(chain.indexOf(certificate) + 1))
                .collect(Collectors.joining(", "));
    }

    private void checkAuthorities() {
        for (int i = 1; i < chain.size(); i++) {
            if (!isAuthority(chain.get(i))) {
                findings.error(
                        CONFIG_KEY,
                        describe(chain, i) + " is no CA certificate, and issued certificate " + i,
                        "devices refuse such a chain");
            }
        }
    }

    private void checkRoot() {
        int last = chain.size() - 1;
        if (last > 0 && parentage.selfSigned(chain.get(last))) {
            findings.warning(
                    CONFIG_KEY,
                    describe(chain, last) + " is a root, which devices have already",
                    "move it to \"issuers\": it costs bytes in every handshake");
        }
    }

    private void checkDates(Instant now) {
        for (int i = 0; i < chain.size(); i++) {
            Instant start = chain.get(i).getNotBefore().toInstant();
            Instant end = chain.get(i).getNotAfter().toInstant();
            if (now.isAfter(end)) {
                findings.warning(
                        CONFIG_KEY, describe(chain, i) + " expired on " + date(end), "devices refuse it; renew it");
            } else if (now.isBefore(start)) {
                findings.warning(
                        CONFIG_KEY,
                        describe(chain, i) + " is not valid before " + date(start),
                        "devices refuse it until then");
            }
        }
    }

    static LocalDate date(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }

    /** Whether a certificate may issue others. The oldest roots are of version 1, which cannot say so. */
    static boolean isAuthority(X509Certificate certificate) {
        return certificate.getVersion() < 3 || certificate.getBasicConstraints() >= 0;
    }
}
