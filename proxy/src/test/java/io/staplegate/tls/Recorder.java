package io.staplegate.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.staplegate.relay.SessionFacts;
import io.staplegate.relay.SessionSignal;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A stand-in for the relay that notes what it is told, and does what the test says. */
final class Recorder extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<ChannelHandlerContext> opened = new CompletableFuture<>();
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    final AtomicLong bytes = new AtomicLong();
    final List<String> events = new CopyOnWriteArrayList<>();
    volatile boolean readsOn = true;

    ChannelHandlerContext context() throws Exception {
        return opened.get(20, TimeUnit.SECONDS);
    }

    void say(String what) throws Exception {
        var _ = context().writeAndFlush(Unpooled.wrappedBuffer(what.getBytes(UTF_8)));
    }

    void signal(SessionSignal signal) throws Exception {
        context().writeAndFlush(signal).get(20, TimeUnit.SECONDS);
    }

    /** The first 64 KiB that came. */
    String text() {
        return text.toString(UTF_8);
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
        if (text.size() < 65536) {
            text.writeBytes(ByteBufUtil.getBytes(received));
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
