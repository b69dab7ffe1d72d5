package io.staplegate.loadtest.site;

import io.netty.channel.ChannelHandlerContext;
import io.staplegate.demo.OcspReply;
import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import java.util.Optional;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;

/**
 * A responder's answers by a book, each signed when it is asked for, and counted.
 *
 * @param arrivals is told of each request that there is an answer to
 */
public record BookAnswers(StatusBook book, Arrivals arrivals) implements Responder.Answer {
    @Override
    public void give(Responder.Request request, ChannelHandlerContext context) {
        Optional<OcspReply> reply = StatusBook.asked(request.ocsp()).flatMap(book::reply);
        reply.map(known -> known.entries().getFirst())
                .ifPresent(entry -> arrivals.note(entry.certId().getSerialNumber(), entry.thisUpdate()));
        byte[] answer = reply.map(OcspReply::encode).orElseGet(() -> StatusBook.error(OCSPRespBuilder.UNAUTHORIZED));
        var _ = context.writeAndFlush(Responder.response(answer));
    }
}
