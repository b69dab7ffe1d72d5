package io.staplegate.relay;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The end of a backend connection's pipeline until it is connected. The promise tells of an attempt that fails; what
 * Netty reports of its channel besides, as epoll may of one that is reset at once, is not the session's.
 */
final class BackendAttempt extends ChannelInboundHandlerAdapter {
    private final Session session;

    BackendAttempt(Session session) {
        this.session = session;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (session.awaitsBackend()) {
            context.pipeline().addLast(new BackendSide(session)).remove(this);
            var _ = context.fireChannelActive();
        } else {
            var _ = context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // the promise has failed, or nobody waits for it any more
    }
}
