package io.staplegate.ocsp;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.OcspReply;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** A root, an intermediate and a leaf, and what an honest responder says of the leaf at a fixed moment. */
record Scene(Authority root, Authority issuer, X509Certificate leaf) {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final Duration VALIDITY = Duration.ofHours(8);
    static final Duration SKEW = Duration.ofMinutes(5);
    static final OcspValidator VALIDATOR = new OcspValidator(SKEW, null);

    static Scene create() {
        Authority root = Authority.root("Root", NOW.minus(Duration.ofDays(1)), Duration.ofDays(100));
        return below(root, root.intermediate(issuance("Intermediate")));
    }

    /** A leaf right below an authority. */
    static Scene below(Authority root, Authority issuer) {
        X509Certificate leaf = issuer.issue(
                issuance("leaf").serverAuth(), Authority.newKeys("EC").getPublic());
        return new Scene(root, issuer, leaf);
    }

    static Issuance issuance(String commonName) {
        return Issuance.named(commonName).valid(NOW.minus(Duration.ofDays(1)), Duration.ofDays(50));
    }

    OcspReply honest() {
        return honest(CertIdHash.SHA1);
    }

    OcspReply honest(CertIdHash hash) {
        var certId = OcspReply.certId(leaf, issuer.certificate(), hash == CertIdHash.SHA256);
        return OcspReply.good(certId, issuer, NOW, VALIDITY);
    }

    Verdict judge(byte[] response) {
        return judge(response, NOW);
    }

    Verdict judge(byte[] response, Instant at) {
        return VALIDATOR.judge(response, leaf, issuer.certificate(), at);
    }
}
