package io.staplegate.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.DuplexChannelConfig;

/**
 * The end of a connected backend's pipeline: tells the session what the backend does. A channel that cannot be closed
 * one way has ended when it closes without a failure.
 */
final class BackendSide extends ChannelInboundHandlerAdapter {
    private final Session session;

    BackendSide(Session session) {
        this.session = session;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        session.backendConnected(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        session.backendSent((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        session.backendSentAll();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        session.backendWritable();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        switch (event) {
            case ChannelInputShutdownEvent ended -> session.backendEnded();
            case ChannelOutputShutdownEvent deaf -> session.backendOutputShut();
            default -> {}
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!((DuplexChannelConfig) context.channel().config()).isAllowHalfClosure()) {
            session.backendEnded();
        }
        session.backendClosed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        session.backendFailed(cause);
    }
}
