package io.staplegate.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.TimeUnit;

/** The way from an engine to its socket. Owned by the channel's event loop. */
final class EngineOutput {
    /** How long the last records may take to leave, when a slow device is told goodbye. */
    private static final int CLOSING_SECONDS = 10;

    private final TlsEngine engine;

    /** Whether a fatal alert is behind the bytes that were sent. */
    private boolean alerted;

    EngineOutput(TlsEngine engine) {
        this.engine = engine;
    }

    /** Moves what the engine has to say behind the bytes that a buffer has. */
    void take(ByteBuf bytes) {
        int available = engine.getAvailableOutputBytes();
        bytes.ensureWritable(available);
        engine.readOutput(bytes.internalNioBuffer(bytes.writerIndex(), available), available);
        bytes.writerIndex(bytes.writerIndex() + available);
    }

    /** Writes what the engine has to say, and flushes; the promise is done when all that is with the kernel. */
    void send(ChannelHandlerContext context, ChannelPromise promise) {
        ByteBuf bytes = Unpooled.EMPTY_BUFFER;
        if (engine.getAvailableOutputBytes() > 0) {
            alerted = engine.isFailed();
            bytes = context.alloc().ioBuffer(engine.getAvailableOutputBytes());
            take(bytes);
        }
        var _ = context.writeAndFlush(bytes, promise);
    }

    /**
     * Sends what there is, and closes when that is with the kernel, or when the device has had time enough; where it
     * ended with an alert, when the device has heard it.
     */
    void sendAndClose(ChannelHandlerContext context, ChannelPromise promise) {
        Runnable close = () -> {
            var _ = context.close(promise);
        };
        var deadline = context.executor().schedule(close, CLOSING_SECONDS, TimeUnit.SECONDS);
        send(context, context.newPromise().addListener(sent -> {
            if (!deadline.cancel(false)) {
                return;
            }
            if (sent.isSuccess() && alerted) {
                context.pipeline().addFirst(new LingeringClose(promise));
            } else {
                close.run();
            }
        }));
    }
}
