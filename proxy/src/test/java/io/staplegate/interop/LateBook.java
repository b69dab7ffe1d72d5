package io.staplegate.interop;

import io.netty.channel.ChannelHandlerContext;
import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import org.jspecify.annotations.Nullable;

/** Answers from a book that is filled after the responder has got its port, which the certificates name. */
final class LateBook implements Responder.Answer {
    private volatile @Nullable StatusBook book;

    void fill(StatusBook filled) {
        book = filled;
    }

    @Override
    public void give(Responder.Request request, ChannelHandlerContext context) {
        StatusBook filled = book;
        if (filled == null) {
            var _ = context.close();
        } else {
            var _ = context.writeAndFlush(Responder.response(filled.answer(request.ocsp())));
        }
    }
}
