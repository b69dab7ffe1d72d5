package io.staplegate.ocsp;

import io.staplegate.ocsp.ParsedResponse.Basic;
import io.staplegate.ocsp.ParsedResponse.NoAnswer;
import io.staplegate.ocsp.ParsedResponse.Revocation;
import io.staplegate.ocsp.ParsedResponse.Single;
import io.staplegate.ocsp.Verdict.Code;
import io.staplegate.ocsp.Verdict.Reason;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judges responses: the one place that decides what is a staple.
 *
 * @param clockSkew how far in the future a thisUpdate may be (R4)
 * @param maxAge how old a thisUpdate may be; null: until nextUpdate
 */
public record OcspValidator(Duration clockSkew, @Nullable Duration maxAge) {
    /** The largest response that is looked at, in bytes. */
    public static final int MAX_RESPONSE_BYTES = 64 * 1024;

    private static final Reason UNKNOWN = new Reason(Code.UNKNOWN, "the responder does not know the certificate");
    private static final Reason WRONG_CERTIFICATE =
            new Reason(Code.WRONG_CERTIFICATE, "the response is not about this certificate");

    /**
     * Judges one response about one certificate. Never throws, whatever the bytes are.
     *
     * @param issuer of the certificate; trusted
     */
    public Verdict judge(byte[] response, X509Certificate certificate, X509Certificate issuer, Instant at) {
        List<CertId> names = Stream.of(CertIdHash.values())
                .map(hash -> CertId.of(hash, certificate, issuer))
                .toList();
        return judge(response, names, Set.of(), issuer, at);
    }

    /**
     * Judges one response about a certificate that is known by its CertID alone: the response has to name it by the
     * same hash (R1). Never throws, whatever the bytes are.
     *
     * @param asked names {@code issuer}
     * @param issuer of the certificate; trusted
     */
    public Verdict judge(byte[] response, CertId asked, X509Certificate issuer, Instant at) {
        List<CertId> names = Stream.of(CertIdHash.values())
                .map(hash -> hash == asked.hash() ? asked : CertId.of(hash, issuer, asked.serial()))
                .toList();
        return judge(response, names, Set.of(asked.hash()), issuer, at);
    }

    /** {@code demanded}: hashes by which the response has to name the certificate; none: any will do. */
    private Verdict judge(
            byte[] response, List<CertId> names, Set<CertIdHash> demanded, X509Certificate issuer, Instant at) {
        return switch (ResponseParser.parse(response)) {
            case NoAnswer(Reason reason) -> new Verdict.Unusable(List.of(reason));
            case Basic basic -> {
                Signer signer = Signer.of(basic, issuer);
                Statement statement = Statement.about(names, basic);
                Set<Reason> reasons = reasons(basic, signer, statement, at);
                if (!statement.hashes().containsAll(demanded)) {
                    reasons.add(WRONG_CERTIFICATE);
                }
                yield reasons.isEmpty()
                        ? verdict(response, basic, signer, statement)
                        : new Verdict.Unusable(List.copyOf(reasons));
            }
        };
    }

    private Set<Reason> reasons(Basic response, Signer signer, Statement statement, Instant at) {
        Set<Reason> reasons = new LinkedHashSet<>(signer.reasons());
        signer.validity(at, clockSkew).ifPresent(reasons::add);
        if (statement.entries().isEmpty()) {
            reasons.add(WRONG_CERTIFICATE);
        }
        notUnderstood(response.unsupported(), reasons);
        notInFuture("producedAt", response.producedAt(), at, reasons);
        for (Single entry : statement.entries()) {
            notUnderstood(entry.unsupported(), reasons);
            times(entry, at, reasons);
        }
        return reasons;
    }

    private static void notUnderstood(Set<String> extensions, Set<Reason> reasons) {
        for (String name : extensions) {
            reasons.add(new Reason(Code.UNSUPPORTED, "the critical extension " + name + " is not understood"));
        }
    }

    private void times(Single entry, Instant at, Set<Reason> reasons) {
        Instant thisUpdate = entry.thisUpdate();
        Instant nextUpdate = entry.nextUpdate();
        notInFuture("thisUpdate", thisUpdate, at, reasons);
        if (nextUpdate == null) {
            reasons.add(new Reason(Code.NO_NEXT_UPDATE, "nextUpdate is missing"));
        } else if (nextUpdate.isBefore(thisUpdate)) {
            reasons.add(new Reason(Code.MALFORMED, "nextUpdate " + nextUpdate + " is before thisUpdate " + thisUpdate));
        } else if (nextUpdate.isBefore(at)) {
            reasons.add(new Reason(Code.EXPIRED, "nextUpdate " + nextUpdate + " has passed"));
        }
        if (maxAge != null && Duration.between(thisUpdate, at).compareTo(maxAge) > 0) {
            reasons.add(new Reason(Code.TOO_OLD, "thisUpdate " + thisUpdate + " is more than " + maxAge + " ago"));
        }
    }

    private void notInFuture(String field, Instant time, Instant at, Set<Reason> reasons) {
        if (Duration.between(at, time).compareTo(clockSkew) > 0) {
            reasons.add(new Reason(Code.NOT_YET_VALID, field + " " + time + " is in the future"));
        }
    }

    private static Verdict verdict(byte[] der, Basic response, Signer signer, Statement statement) {
        Optional<Revocation> revocation = statement.revocation();
        OcspAnswer answer = new OcspAnswer(
                der,
                statement.status(),
                response.producedAt(),
                statement.thisUpdate().orElseThrow(),
                signer.limit(statement.nextUpdate().orElseThrow()),
                revocation.map(Revocation::at).orElse(null),
                statement.hashes());
        return switch (answer.status()) {
            case GOOD -> new Verdict.Good(answer);
            case REVOKED -> new Verdict.Revoked(answer, List.of(revoked(revocation.orElseThrow())));
            case UNKNOWN -> new Verdict.Unknown(answer, List.of(UNKNOWN));
        };
    }

    private static Reason revoked(Revocation revocation) {
        return new Reason(Code.REVOKED, "revoked at " + revocation.at() + " (" + revocation.reason() + ")");
    }
}
