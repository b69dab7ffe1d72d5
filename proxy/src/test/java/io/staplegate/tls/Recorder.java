package io.staplegate.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.staplegate.relay.SessionFacts;
import io.staplegate.relay.SessionSignal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A stand-in for the relay that notes what it is told, and does what the test says. */
final class Recorder extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<ChannelHandlerContext> opened = new CompletableFuture<>();
    private final StringBuffer text = new StringBuffer();
    final AtomicLong bytes = new AtomicLong();
    final List<String> events = new CopyOnWriteArrayList<>();
    volatile boolean readsOn = true;

    ChannelHandlerContext context() throws Exception {
        return opened.get(20, TimeUnit.SECONDS);
    }

    void say(String what) throws Exception {
        context().writeAndFlush(Unpooled.wrappedBuffer(what.getBytes()));
    }

    void signal(SessionSignal signal) throws Exception {
        context().writeAndFlush(signal).get(20, TimeUnit.SECONDS);
    }

    /** The first 64 KiB that came. */
    String text() {
        return text.toString();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SessionFacts) {
            if (readsOn) {
                context.read();
            }
            opened.complete(context);
        } else if (event instanceof ChannelInputShutdownEvent) {
            events.add("ended");
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf received = (ByteBuf) message;
        bytes.addAndGet(received.readableBytes());
        if (text.length() < 65536) {
            text.append(received.toString(java.nio.charset.StandardCharsets.ISO_8859_1));
        }
        received.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        events.add("read");
        if (readsOn) {
            context.read();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        events.add("closed");
    }
}
