package io.staplegate.device;

import io.staplegate.device.ServedIssuers.ServedIssuer;
import io.staplegate.fetch.ClockGuard;
import io.staplegate.fetch.Fetched;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspAnswer.Status;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import io.staplegate.ocsp.Verdict.Code;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks who can speak of a certificate: the responders of its CA in order, then the upstream. Blocks. */
final class Inquiry {
    private static final Logger LOG = LoggerFactory.getLogger(Inquiry.class);

    private final ResponderClient client;
    private final OcspValidator validator;
    private final @Nullable URI upstream;
    private final Duration patience;
    private final ClockGuard clock;

    /** What came of asking. */
    sealed interface Finding {
        /** A verified response, whatever it says. */
        record Answer(OcspAnswer answer) implements Finding {}

        /** Who was asked had no answer that verifies. */
        record Nothing() implements Finding {}

        /** There was nobody who could be asked: all are down, or too many ask. */
        record NotAsked() implements Finding {}

        /** The larger, the more it says. */
        private int rank() {
            return switch (this) {
                case Answer _ -> 2;
                case Nothing _ -> 1;
                case NotAsked _ -> 0;
            };
        }
    }

    /** {@code patience}: the longest wait for a place among those who ask the same CA. */
    Inquiry(
            ResponderClient client,
            OcspValidator validator,
            @Nullable URI upstream,
            Duration patience,
            ClockGuard clock) {
        this.client = client;
        this.validator = validator;
        this.upstream = upstream;
        this.patience = patience;
        this.clock = clock;
    }

    /**
     * Asks one after the other until one says good or revoked; without that, unknown is an answer too.
     *
     * @param places of the CA: this takes one
     * @param request a DER OCSPRequest about {@code id}
     */
    Finding ask(ServedIssuer issuer, Semaphore places, CertId id, byte[] request) throws InterruptedException {
        if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return new Finding.NotAsked();
        }
        try {
            Finding finding = new Finding.NotAsked();
            for (URI responder : responders(issuer)) {
                Finding next = client.circuits().admitsDevice(responder)
                        ? ask(responder, issuer, id, request)
                        : new Finding.NotAsked();
                if (next instanceof Finding.Answer answer && answer.answer().status() != Status.UNKNOWN) {
                    return next;
                }
                finding = finding.rank() > next.rank() ? finding : next;
            }
            return finding;
        } finally {
            places.release();
        }
    }

    private List<URI> responders(ServedIssuer issuer) {
        if (upstream == null) {
            return issuer.responders();
        }
        Set<URI> all = new LinkedHashSet<>(issuer.responders());
        all.add(upstream);
        return List.copyOf(all);
    }

    private Finding ask(URI responder, ServedIssuer issuer, CertId id, byte[] request) throws InterruptedException {
        Fetched fetched = client.fetchForDevice(responder, request, false);
        Verdict verdict = judge(responder, fetched, issuer, id);
        if (has(Code.EXPIRED, verdict)) {
            // An answer of yesterday may be an HTTP cache's: the responder itself is asked once (R20).
            fetched = client.fetchForDevice(responder, request, true);
            verdict = judge(responder, fetched, issuer, id);
        }
        if (fetched instanceof Fetched.Failure failure) {
            return failure.wasAsked() ? new Finding.Nothing() : new Finding.NotAsked();
        }
        tellCircuit(responder, verdict);
        return switch (verdict) {
            case Verdict.Good good -> new Finding.Answer(good.answer());
            case Verdict.Revoked revoked -> new Finding.Answer(revoked.answer());
            case Verdict.Unknown unknown -> new Finding.Answer(unknown.answer());
            case Verdict.Unusable unusable -> {
                LOG.atDebug()
                        .addKeyValue("responder", responder)
                        .addKeyValue("asked", id)
                        .addKeyValue("reasons", unusable.reasons())
                        .log("no answer about a device's certificate");
                yield new Finding.Nothing();
            }
        };
    }

    /**
     * An error may be the fault of whoever made up the question: of those, only tryLater speaks against the responder.
     * Else a device could open the circuit that our own staples need. An upstream says it for the responders behind it.
     */
    private void tellCircuit(URI responder, Verdict verdict) {
        boolean tryLater = has(Code.TRY_LATER, verdict);
        if (tryLater && !responder.equals(upstream)) {
            client.answeredInVain(responder, "it asks to try later");
        } else if (tryLater
                || !(verdict instanceof Verdict.Unusable)
                || has(Code.UNAUTHORIZED, verdict)
                || has(Code.REQUEST_REFUSED, verdict)) {
            client.answered(responder);
        }
    }

    private static boolean has(Code code, Verdict verdict) {
        return verdict.reasons().stream().anyMatch(reason -> reason.code() == code);
    }

    private Verdict judge(URI responder, Fetched fetched, ServedIssuer issuer, CertId id) {
        return switch (fetched) {
            case Fetched.Body body ->
                clock.judge(responder, body.date(), at -> validator.judge(body.bytes(), id, issuer.certificate(), at));
            case Fetched.Failure failure ->
                new Verdict.Unusable(List.of(new Verdict.Reason(Code.RESPONDER_ERROR, failure.text())));
        };
    }
}
