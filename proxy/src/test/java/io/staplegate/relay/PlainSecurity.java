package io.staplegate.relay;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.CharsetUtil;
import java.util.function.Function;

/** A security layer without security: stands where TLS does, and writes signals as text. */
final class PlainSecurity extends ChannelDuplexHandler {
    private final Function<SocketChannel, SessionFacts> handshake;

    PlainSecurity(Function<SocketChannel, SessionFacts> handshake) {
        this.handshake = handshake;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.fireUserEventTriggered(handshake.apply((SocketChannel) context.channel()));
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        switch (message) {
            case SessionSignal signal
            when signal == SessionSignal.END_OF_STREAM ->
                context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
                    var _ = ((SocketChannel) context.channel()).shutdownOutput(promise);
                });
            case SessionSignal signal -> {
                promise.addListener(ChannelFutureListener.CLOSE);
                var _ = context.write(Unpooled.copiedBuffer("[" + signal + "]", CharsetUtil.US_ASCII), promise);
            }
            default -> {
                var _ = context.write(message, promise);
            }
        }
    }
}
