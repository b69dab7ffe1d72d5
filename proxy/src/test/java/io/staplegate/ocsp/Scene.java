package io.staplegate.ocsp;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.OcspReply;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** A root, an intermediate and a leaf, and what an honest responder says of the leaf at one moment. */
record Scene(Authority root, Authority issuer, X509Certificate leaf, Instant now) {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final Duration VALIDITY = Duration.ofHours(8);
    static final Duration SKEW = Duration.ofMinutes(5);
    static final OcspValidator VALIDATOR = new OcspValidator(SKEW, null);

    /** At a fixed moment: {@link #NOW}. */
    static Scene create() {
        return at(NOW);
    }

    static Scene at(Instant now) {
        Authority root = Authority.root("Root", now.minus(Duration.ofDays(1)), Duration.ofDays(100));
        Authority issuer = root.intermediate(issuance("Intermediate", now));
        return new Scene(root, issuer, leaf(issuer, now), now);
    }

    /** The same with another leaf. */
    Scene withAnotherLeaf() {
        return new Scene(root, issuer, leaf(issuer, now), now);
    }

    private static X509Certificate leaf(Authority issuer, Instant now) {
        return issuer.issue(
                issuance("leaf", now).serverAuth(), Authority.newKeys("EC").getPublic());
    }

    private static Issuance issuance(String commonName, Instant now) {
        return Issuance.named(commonName).valid(now.minus(Duration.ofDays(1)), Duration.ofDays(50));
    }

    /** A certificate that holds at {@link #NOW}. */
    static Issuance issuance(String commonName) {
        return issuance(commonName, NOW);
    }

    OcspReply honest() {
        return honest(CertIdHash.SHA1);
    }

    OcspReply honest(CertIdHash hash) {
        var certId = OcspReply.certId(leaf, issuer.certificate(), hash == CertIdHash.SHA256);
        return OcspReply.good(certId, issuer, now, VALIDITY);
    }

    Verdict judge(byte[] response) {
        return judge(response, now);
    }

    Verdict judge(byte[] response, Instant at) {
        return VALIDATOR.judge(response, leaf, issuer.certificate(), at);
    }
}
