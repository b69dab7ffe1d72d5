package io.staplegate.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.staplegate.relay.SessionFacts;
import io.staplegate.relay.SessionSignal;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A stand-in for the relay: sends back what comes, and ends its stream when the device does. */
final class Echo extends ChannelInboundHandlerAdapter {
    private final Queue<SessionFacts> facts;

    Echo(Queue<SessionFacts> facts) {
        this.facts = facts;
    }

    Echo() {
        this(new ConcurrentLinkedQueue<>());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SessionFacts session) {
            facts.add(session);
            context.read();
        } else if (event instanceof ChannelInputShutdownEvent) {
            context.writeAndFlush(SessionSignal.END_OF_STREAM).addListener(sent -> {
                var _ = context.close();
            });
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var _ = context.write((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
        context.read();
    }
}
