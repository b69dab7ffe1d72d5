package io.staplegate.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import org.jspecify.annotations.Nullable;

/** The end of a device's pipeline: opens the session when the handshake is done, and tells it what the device does. */
final class DeviceSide extends ChannelDuplexHandler {
    private final Relay relay;
    private @Nullable Session session;

    DeviceSide(Relay relay) {
        this.relay = relay;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SessionFacts facts && session == null) {
            session = new Session(relay, context, facts);
            session.open();
        } else if (event instanceof ChannelInputShutdownEvent && session != null) {
            session.deviceEnded();
        } else if (event instanceof ChannelOutputShutdownEvent && session != null) {
            session.deviceOutputShut();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (session != null && message instanceof ByteBuf bytes) {
            session.deviceSent(bytes);
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (session != null) {
            session.deviceSentAll();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (session != null) {
            session.deviceWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (session != null) {
            session.deviceClosed();
        }
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (session != null) {
            session.deviceFailed(cause);
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (session != null && message instanceof SessionSignal signal) {
            switch (signal) {
                case SHUTDOWN -> session.endedBy(SessionEnd.SHUTDOWN);
                case REVOKED, DENIED, UNVERIFIED -> session.endedBy(SessionEnd.REFUSED);
                case END_OF_STREAM, BACKEND_FAILED, IDLE, KILLED -> {} // of the session's own making
            }
        }
        var _ = context.write(message, promise);
    }
}
