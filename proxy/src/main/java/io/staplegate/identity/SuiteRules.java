package io.staplegate.identity;

import io.staplegate.config.ListenerConfig;
import io.staplegate.config.ListenerConfig.Protocol;
import io.staplegate.config.Problem;
import io.staplegate.identity.Identity.KeyType;
import java.util.List;

/** What a DTLS listener's identities need of its cipher suites: those for RSA keys are off by default. */
final class SuiteRules {
    private SuiteRules() {}

    /** The problems of a listener, whose path is {@code entry}, with all its identities. */
    static List<Problem> check(String entry, ListenerConfig listener, List<Identity> identities) {
        if (listener.protocol() == Protocol.TLS || listener.dtls().rsa()) {
            return List.of();
        }
        List<String> unused = identities.stream()
                .filter(identity -> identity.keyType() == KeyType.RSA)
                .map(identity -> Problem.quoted(identity.name()))
                .toList();
        if (unused.isEmpty()) {
            return List.of();
        }
        Findings findings = new Findings(entry);
        String hint = "set \"rsa: true\", or use a certificate with an EC key";
        if (unused.size() < identities.size()) {
            findings.warning("dtls.rsa", "is off, so that no device is served with " + String.join(", ", unused), hint);
        } else if (listener.dtls().psk() != null) {
            findings.warning(
                    "dtls.rsa",
                    "is off, and every identity has an RSA key: only devices with a pre-shared key are served",
                    hint);
        } else {
            findings.error("dtls.rsa", "is off, and every identity has an RSA key: no device can be served", hint);
        }
        return findings.problems();
    }
}
