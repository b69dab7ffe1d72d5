package io.staplegate.staple;

import io.staplegate.fetch.ClockGuard;
import io.staplegate.ocsp.Claim;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import io.staplegate.ocsp.Verdict.Code;
import io.staplegate.staple.Knowledge.Held;
import io.staplegate.telemetry.Rung;
import io.staplegate.telemetry.Telemetry;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where responses come in that nobody here has asked for: an operator has carried them past an air gap. They are judged
 * as fetched ones are, and kept as those are. The certificate's responders are asked as before, if it has any.
 */
final class Intake {
    private final OcspValidator validator;
    private final Archive archive;
    private final ClockGuard clock;
    private final Telemetry telemetry;

    Intake(OcspValidator validator, Archive archive, ClockGuard clock, Telemetry telemetry) {
        this.validator = validator;
        this.archive = archive;
        this.clock = clock;
        this.telemetry = telemetry;
    }

    /**
     * Takes one response over for each certificate that it is about. Returns one result at least.
     *
     * @param since when it was written to a file; it may prove that the clock is behind. Null: not known
     */
    List<Imported> take(byte[] response, @Nullable Instant since, Collection<TrackedCertificate> certificates) {
        Claim claim = Claim.of(response);
        if (claim.fault() != null) {
            return List.of(Imported.unreadable(claim.fault().text()));
        }
        List<Imported> results = certificates.stream()
                .filter(certificate -> claim.serials()
                        .contains(certificate.target().certificate().getSerialNumber()))
                .flatMap(certificate -> Stream.ofNullable(take(response, since, certificate)))
                .toList();
        return results.isEmpty() ? List.of(Imported.foreign()) : results;
    }

    /** Null where the response is about another CA's certificate with the same serial. */
    private @Nullable Imported take(byte[] response, @Nullable Instant since, TrackedCertificate certificate) {
        StapleTarget target = certificate.target();
        Verdict verdict = clock.judgeKept(
                since == null ? clock.instant() : since,
                at -> validator.judge(response, target.certificate(), target.issuer(), at));
        return switch (verdict) {
            case Verdict.Good good -> take(good.answer(), certificate);
            case Verdict.Revoked revoked -> take(revoked.answer(), certificate);
            case Verdict.Unknown _ -> refused(target, verdict);
            case Verdict.Unusable unusable -> isAboutAnother(unusable) ? null : refused(target, verdict);
        };
    }

    private Imported take(OcspAnswer answer, TrackedCertificate certificate) {
        Instant now = clock.instant();
        boolean news = certificate.restore(new Held(answer, now, Rung.IMPORTED), now);
        if (news) {
            certificate.plan(now);
            telemetry.looked(Rung.IMPORTED);
            archive.keep(certificate);
            certificate.chains().forEach(archive::export);
        }
        return Imported.verified(certificate.target().serial(), answer, news);
    }

    private static boolean isAboutAnother(Verdict.Unusable verdict) {
        return verdict.reasons().stream().anyMatch(reason -> reason.code() == Code.WRONG_CERTIFICATE);
    }

    private static Imported refused(StapleTarget target, Verdict verdict) {
        String reasons = verdict.reasons().stream().map(Verdict.Reason::text).collect(Collectors.joining("; "));
        return Imported.refused(target.serial(), reasons);
    }
}
