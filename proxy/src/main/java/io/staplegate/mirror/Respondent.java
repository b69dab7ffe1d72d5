package io.staplegate.mirror;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.staplegate.config.MirrorConfig.Nonce;
import io.staplegate.device.Answers.Answer;
import io.staplegate.device.RevocationLists.RevocationList;
import io.staplegate.mirror.Quotas.Quota;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspRefusal;
import io.staplegate.telemetry.Telemetry.MirrorOutcome;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who answers: from what is kept, else from what others find out. Never blocks. Safe for use by any thread. */
final class Respondent {
    private static final Logger LOG = LoggerFactory.getLogger(Respondent.class);

    private final MirrorServer.Sources sources;
    private final Nonce nonce;
    private final QuestionReader questions = new QuestionReader();
    private final Documents documents = new Documents();

    Respondent(MirrorServer.Sources sources, Nonce nonce) {
        this.sources = sources;
        this.nonce = nonce;
    }

    /** The answer, at once where it is at hand. {@code quota}: of whoever asks. */
    CompletableFuture<Reply> answer(FullHttpRequest request, Quota quota) {
        CompletableFuture<Reply> reply = switch (questions.read(request)) {
            case Question.Status status -> status(status, quota);
            case Question.RevocationList list -> list(list);
            case Question.Refused(OcspRefusal answer) -> now(refusal(answer));
            case Question.Faulty(HttpResponseStatus status) -> now(Reply.fault(status));
        };
        return reply.isDone() ? reply : reply.exceptionally(this::failed);
    }

    private CompletableFuture<Reply> status(Question.Status question, Quota quota) {
        boolean forwards =
                question.nonce() && nonce == Nonce.FORWARD && sources.others().isServed(question.certId());
        return forwards && quota.fetches().take() ? forwarded(question, quota) : kept(question, quota);
    }

    /** What the responder itself says to a client's nonce; where it says nothing, what is kept is better than that. */
    private CompletableFuture<Reply> forwarded(Question.Status question, Quota quota) {
        return sources.others().forward(question.certId(), question.request()).thenCompose(answer -> switch (answer) {
            case Answer.Signed(OcspAnswer signed, boolean _) ->
                now(Reply.ok(documents.toNonce(signed), MirrorOutcome.FETCHED));
            case Answer.NotServed _, Answer.NotKnown _, Answer.NotAllowed _ -> kept(question, quota);
        });
    }

    private CompletableFuture<Reply> kept(Question.Status question, Quota quota) {
        OcspAnswer own = sources.own().apply(question.certId());
        OcspAnswer kept = own != null ? own : sources.others().kept(question.certId());
        if (kept != null) {
            return now(signed(kept, false));
        }
        return sources.others().ask(question.certId(), quota.fetches()::take).thenApply(answer -> switch (answer) {
            case Answer.Signed(OcspAnswer signed, boolean fetched) -> signed(signed, fetched);
            case Answer.NotServed _ -> refusal(OcspRefusal.UNAUTHORIZED);
            case Answer.NotKnown _ -> refusal(OcspRefusal.TRY_LATER);
            case Answer.NotAllowed _ -> Reply.fault(HttpResponseStatus.TOO_MANY_REQUESTS);
        });
    }

    private CompletableFuture<Reply> list(Question.RevocationList question) {
        RevocationList list = sources.lists().find(question.host(), question.path(), question.query());
        if (list != null) {
            return documents.of(list).thenApply(document -> Reply.ok(document, MirrorOutcome.CRL));
        }
        OcspRefusal otherwise = question.otherwise();
        return now(otherwise == null ? Reply.fault(HttpResponseStatus.NOT_FOUND) : refusal(otherwise));
    }

    /** {@code fetched}: for this question. */
    private Reply signed(OcspAnswer answer, boolean fetched) {
        Document document = documents.of(answer);
        if (!document.holdsAt(sources.clock().millis())) {
            return refusal(OcspRefusal.TRY_LATER);
        }
        return Reply.ok(document, fetched ? MirrorOutcome.FETCHED : MirrorOutcome.CACHED);
    }

    private Reply refusal(OcspRefusal refusal) {
        return Reply.ok(
                documents.of(refusal),
                switch (refusal) {
                    case MALFORMED_REQUEST -> MirrorOutcome.MALFORMED;
                    case TRY_LATER -> MirrorOutcome.TRY_LATER;
                    case UNAUTHORIZED -> MirrorOutcome.UNAUTHORIZED;
                });
    }

    private Reply failed(Throwable cause) {
        LOG.atError().setCause(cause).log("an answer broke off");
        return refusal(OcspRefusal.TRY_LATER);
    }

    private static CompletableFuture<Reply> now(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }
}
