package io.staplegate.staple;

import io.staplegate.fetch.ClockGuard;
import io.staplegate.fetch.Fetched;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspRequest;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import io.staplegate.ocsp.Verdict.Code;
import io.staplegate.telemetry.Rung;
import java.net.URI;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks one responder about one certificate: with the configured CertID hash, and at need with the other. */
final class Inquiry {
    private static final Logger LOG = LoggerFactory.getLogger(Inquiry.class);

    /** What a responder says that may only dislike, or not find, the hash that it was asked with (R11). */
    private static final Set<Code> OTHER_HASH_MAY_HELP = EnumSet.of(
            Code.UNAUTHORIZED, Code.UNKNOWN, Code.WRONG_CERTIFICATE, Code.REQUEST_REFUSED, Code.RESPONDER_ERROR);

    private final ResponderClient client;
    private final OcspValidator validator;
    private final CertIdHash hash;
    private final ClockGuard clock;
    /** Responders whose last answer came only with the hash that is not configured. */
    private final Set<URI> insisting = ConcurrentHashMap.newKeySet();

    /**
     * What one responder is asked.
     *
     * @param begun is run whenever a request goes out
     */
    private record Question(StapleTarget target, URI responder, Runnable begun) {}

    Inquiry(ResponderClient client, OcspValidator validator, CertIdHash hash, ClockGuard clock) {
        this.client = client;
        this.validator = validator;
        this.hash = hash;
        this.clock = clock;
    }

    /**
     * Asks with the configured hash, and with the other where that may help; of a responder that has answered only with
     * the other, the other way round. Blocks.
     *
     * @param begun is run whenever a request goes out: until then it waits for its place among others
     */
    Finding ask(StapleTarget target, URI responder, Runnable begun) throws InterruptedException {
        Question question = new Question(target, responder, begun);
        CertIdHash with = insisting.contains(responder) ? other(hash) : hash;
        return switch (fetch(question, with)) {
            case Fetched.Failure failure -> failed(question, failure);
            case Fetched.Body body -> {
                Verdict verdict = judge(question, body);
                if (has(verdict, Code.EXPIRED)) {
                    yield askPastCaches(question, with);
                }
                if (verdict.reasons().stream().anyMatch(reason -> OTHER_HASH_MAY_HELP.contains(reason.code()))
                        && askAgain(question, other(with)) instanceof Finding.Answer answer) {
                    yield answer;
                }
                yield told(finding(question, with, body, verdict));
            }
        };
    }

    /** An answer of yesterday may be an HTTP cache's: the responder itself is asked once (R20). */
    private Finding askPastCaches(Question question, CertIdHash with) throws InterruptedException {
        return switch (client.fetchPastCaches(question.responder, request(question, with), question.begun)) {
            case Fetched.Failure failure -> failed(question, failure);
            case Fetched.Body body -> told(finding(question, with, body, judge(question, body)));
        };
    }

    /** With a hash that the responder was not asked with first. */
    private Finding askAgain(Question question, CertIdHash with) throws InterruptedException {
        return switch (fetch(question, with)) {
            case Fetched.Failure failure -> failed(question, failure);
            case Fetched.Body body -> {
                Finding finding = finding(question, with, body, judge(question, body));
                if (!(finding instanceof Finding.Answer)) {
                    yield finding;
                }
                learn(question.responder, with);
                yield told(finding);
            }
        };
    }

    /** A responder has answered with a hash, and not with the other: it is asked with that one first from now on. */
    private void learn(URI responder, CertIdHash with) {
        if (with == hash) {
            insisting.remove(responder);
        } else if (insisting.add(responder)) {
            LOG.atInfo()
                    .addKeyValue("responder", responder)
                    .addKeyValue("configured", hash)
                    .addKeyValue("answered", with)
                    .log("responder answers only with another CertID hash than the configured one");
        }
    }

    private Fetched fetch(Question question, CertIdHash with) throws InterruptedException {
        return client.fetch(question.responder, request(question, with), question.begun);
    }

    private static CertIdHash other(CertIdHash one) {
        return one == CertIdHash.SHA1 ? CertIdHash.SHA256 : CertIdHash.SHA1;
    }

    private static byte[] request(Question question, CertIdHash with) {
        return OcspRequest.encode(question.target.certId(with));
    }

    private Verdict judge(Question question, Fetched.Body body) {
        StapleTarget target = question.target;
        return clock.judge(
                question.responder,
                body.date(),
                at -> validator.judge(body.bytes(), target.certificate(), target.issuer(), at));
    }

    /** Tells the circuit what a body is worth. Of requests that bring none it knows. */
    private Finding told(Finding finding) {
        if (finding instanceof Finding.Failure failure) {
            client.answeredInVain(failure.responder(), failure.text());
        } else {
            client.answered(finding.responder());
        }
        return finding;
    }

    private static Finding failed(Question question, Fetched.Failure failure) {
        return failure.wasAsked()
                ? new Finding.Failure(question.responder, failure.text(), failure.retryAfter())
                : new Finding.Unasked(question.responder);
    }

    private Finding finding(Question question, CertIdHash with, Fetched.Body body, Verdict verdict) {
        URI responder = question.responder;
        Rung method = body.otherMethod() ? Rung.OTHER_METHOD : Rung.RESPONDER;
        Rung rung = with == hash ? method : Rung.OTHER_HASH;
        return switch (verdict) {
            case Verdict.Good good -> new Finding.Answer(responder, good.answer(), rung);
            case Verdict.Revoked revoked -> new Finding.Answer(responder, revoked.answer(), rung);
            case Verdict.Unknown _ -> new Finding.Refusal(responder, text(responder, verdict), true);
            case Verdict.Unusable _ ->
                isThereWithoutAnswer(question, verdict)
                        ? new Finding.Refusal(responder, text(responder, verdict), false)
                        : new Finding.Failure(responder, text(responder, verdict), null);
        };
    }

    /** An upstream that says tryLater says it of the responders behind it: the next certificate may be another CA's. */
    private static boolean isThereWithoutAnswer(Question question, Verdict verdict) {
        boolean isUpstream = question.responder.equals(question.target.upstream());
        return has(verdict, Code.UNAUTHORIZED)
                || has(verdict, Code.REQUEST_REFUSED)
                || has(verdict, Code.WRONG_CERTIFICATE)
                || (isUpstream && has(verdict, Code.TRY_LATER));
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
