package io.staplegate.device;

import io.staplegate.device.ServedIssuers.ServedIssuer;
import io.staplegate.fetch.Fetched;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
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
    private final InstantSource clock;

    /** {@code patience}: the longest wait for a place among those who ask the same CA. */
    Inquiry(
            ResponderClient client,
            OcspValidator validator,
            @Nullable URI upstream,
            Duration patience,
            InstantSource clock) {
        this.client = client;
        this.validator = validator;
        this.upstream = upstream;
        this.patience = patience;
        this.clock = clock;
    }

    /**
     * The first answer that says good or revoked; else one that says unknown; null where there is none that verifies.
     *
     * @param places of the CA: this takes one
     * @param request a DER OCSPRequest about {@code id}
     */
    @Nullable
    OcspAnswer ask(ServedIssuer issuer, Semaphore places, CertId id, byte[] request) throws InterruptedException {
        if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return null;
        }
        try {
            OcspAnswer unknown = null;
            for (URI responder : responders(issuer)) {
                OcspAnswer answer = ask(responder, issuer, id, request);
                if (answer != null && answer.status() != OcspAnswer.Status.UNKNOWN) {
                    return answer;
                }
                unknown = unknown == null ? answer : unknown;
            }
            return unknown;
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

    private @Nullable OcspAnswer ask(URI responder, ServedIssuer issuer, CertId id, byte[] request)
            throws InterruptedException {
        Verdict verdict = judge(client.fetch(responder, request), issuer, id);
        if (verdict.reasons().stream().anyMatch(reason -> reason.code() == Verdict.Code.EXPIRED)) {
            // An answer of yesterday may be an HTTP cache's: the responder itself is asked once (R20).
            verdict = judge(client.fetchPastCaches(responder, request), issuer, id);
        }
        return switch (verdict) {
            case Verdict.Good good -> good.answer();
            case Verdict.Revoked revoked -> revoked.answer();
            case Verdict.Unknown unknown -> unknown.answer();
            case Verdict.Unusable unusable -> {
                LOG.atDebug()
                        .addKeyValue("responder", responder)
                        .addKeyValue("asked", id)
                        .addKeyValue("reasons", unusable.reasons())
                        .log("no answer about a device's certificate");
                yield null;
            }
        };
    }

    private Verdict judge(Fetched fetched, ServedIssuer issuer, CertId id) {
        return switch (fetched) {
            case Fetched.Body body -> validator.judge(body.bytes(), id, issuer.certificate(), clock.instant());
            case Fetched.Failure failure ->
                new Verdict.Unusable(List.of(new Verdict.Reason(Verdict.Code.RESPONDER_ERROR, failure.text())));
        };
    }
}
