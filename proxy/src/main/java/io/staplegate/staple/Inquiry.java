package io.staplegate.staple;

import io.staplegate.fetch.ClockGuard;
import io.staplegate.fetch.Fetched;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspRequest;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import io.staplegate.ocsp.Verdict.Code;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the responders of a certificate in order, each with the configured CertID hash and at need the other. */
final class Inquiry {
    private static final Logger LOG = LoggerFactory.getLogger(Inquiry.class);

    /** What a responder says that may only dislike, or not find, the hash that it was asked with (R11). */
    private static final Set<Code> OTHER_HASH_MAY_HELP =
            EnumSet.of(Code.UNAUTHORIZED, Code.UNKNOWN, Code.WRONG_CERTIFICATE, Code.RESPONDER_ERROR);

    private final ResponderClient client;
    private final OcspValidator validator;
    private final CertIdHash hash;
    private final ClockGuard clock;
    private final OutageLog outages;
    private final Set<URI> insisting = ConcurrentHashMap.newKeySet();

    Inquiry(ResponderClient client, OcspValidator validator, CertIdHash hash, ClockGuard clock, OutageLog outages) {
        this.client = client;
        this.validator = validator;
        this.hash = hash;
        this.clock = clock;
        this.outages = outages;
    }

    /** Asks one responder after the other until one has news. Returns the finding that says most; blocks. */
    Finding ask(StapleTarget target, Predicate<OcspAnswer> isNews) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        for (URI responder : target.responders()) {
            Finding finding = ask(target, responder);
            outages.note(target, finding, clock.instant());
            if (finding instanceof Finding.Answer answer && isNews.test(answer.answer())) {
                return finding;
            }
            findings.add(finding);
        }
        return Collections.min(findings, Comparator.comparingInt(Inquiry::rank));
    }

    private static int rank(Finding finding) {
        return switch (finding) {
            case Finding.Answer _ -> 0;
            case Finding.Refusal _ -> 1;
            case Finding.Failure _ -> 2;
        };
    }

    private Finding ask(StapleTarget target, URI responder) throws InterruptedException {
        return switch (fetch(target, responder, hash)) {
            case Fetched.Failure failure -> new Finding.Failure(responder, failure.text(), failure.retryAfter());
            case Fetched.Body body -> {
                Verdict verdict = judge(body, target, responder);
                if (has(verdict, Code.EXPIRED)) {
                    yield askPastCaches(target, responder);
                }
                if (verdict.reasons().stream().anyMatch(reason -> OTHER_HASH_MAY_HELP.contains(reason.code()))
                        && askWithOtherHash(target, responder) instanceof Finding.Answer answer) {
                    yield answer;
                }
                yield finding(responder, verdict);
            }
        };
    }

    /** An answer of yesterday may be an HTTP cache's: the responder itself is asked once (R20). */
    private Finding askPastCaches(StapleTarget target, URI responder) throws InterruptedException {
        return switch (client.fetchPastCaches(responder, OcspRequest.encode(target.certId(hash)))) {
            case Fetched.Failure failure -> new Finding.Failure(responder, failure.text(), failure.retryAfter());
            case Fetched.Body body -> finding(responder, judge(body, target, responder));
        };
    }

    private Finding askWithOtherHash(StapleTarget target, URI responder) throws InterruptedException {
        CertIdHash other = hash == CertIdHash.SHA1 ? CertIdHash.SHA256 : CertIdHash.SHA1;
        Fetched fetched = fetch(target, responder, other);
        if (!(fetched instanceof Fetched.Body body)) {
            return new Finding.Failure(responder, "no answer for " + other, null);
        }
        Finding finding = finding(responder, judge(body, target, responder));
        if (finding instanceof Finding.Answer && insisting.add(responder)) {
            LOG.atInfo()
                    .addKeyValue("responder", responder)
                    .addKeyValue("configured", hash)
                    .addKeyValue("answered", other)
                    .log("responder answers only with another CertID hash than the configured one");
        }
        return finding;
    }

    private Fetched fetch(StapleTarget target, URI responder, CertIdHash with) throws InterruptedException {
        return client.fetch(responder, OcspRequest.encode(target.certId(with)));
    }

    private Verdict judge(Fetched.Body body, StapleTarget target, URI responder) {
        return clock.judge(
                responder, body.date(), at -> validator.judge(body.bytes(), target.certificate(), target.issuer(), at));
    }

    private static Finding finding(URI responder, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Good good -> new Finding.Answer(responder, good.answer());
            case Verdict.Revoked revoked -> new Finding.Answer(responder, revoked.answer());
            case Verdict.Unknown _ -> new Finding.Refusal(responder, text(responder, verdict), true);
            case Verdict.Unusable _ ->
                has(verdict, Code.UNAUTHORIZED)
                        ? new Finding.Refusal(responder, text(responder, verdict), false)
                        : new Finding.Failure(responder, text(responder, verdict), null);
        };
    }

    private static boolean has(Verdict verdict, Code code) {
        return verdict.reasons().stream().anyMatch(reason -> reason.code() == code);
    }

    private static String text(URI responder, Verdict verdict) {
        return verdict.reasons().stream()
                .map(Verdict.Reason::text)
                .collect(Collectors.joining("; ", responder + ": ", ""));
    }
}
