package io.staplegate.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose last word is a fatal alert. A device may still be talking: what it sends to a closed socket
 * is answered by a reset, which takes the alert away from it, and it never learns why. So the output ends first, and
 * what comes is dropped until the device has closed, too. First in its pipeline: nobody else hears of any of that.
 */
final class LingeringClose extends ChannelInboundHandlerAdapter {
    private static final int MOST_SECONDS = 2;

    /** More than a device sends of itself in a handshake. */
    private static final int MOST_BYTES = 256 * 1024;

    private final ChannelPromise closed;
    private @Nullable Future<?> deadline;
    private int dropped;
    private boolean closing;

    /** {@code closed}: done when it is. */
    LingeringClose(ChannelPromise closed) {
        this.closed = closed;
    }

    /** What was written before is with the kernel. */
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        DuplexChannel channel = (DuplexChannel) context.channel();
        if (!channel.isActive() || channel.isInputShutdown()) {
            close(context);
            return;
        }
        deadline = context.executor().schedule(() -> close(context), MOST_SECONDS, TimeUnit.SECONDS);
        channel.shutdownOutput().addListener(ended -> {
            if (ended.isSuccess()) {
                context.read();
            } else {
                close(context);
            }
        });
    }

    private void close(ChannelHandlerContext context) {
        if (!closing) {
            closing = true;
            var _ = context.close(closed);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        dropped += ((ByteBuf) message).readableBytes();
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (dropped < MOST_BYTES) {
            context.read();
        } else {
            close(context);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            close(context);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        close(context);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        close(context);
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
