package io.staplegate.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.util.function.Function;
import java.util.function.LongConsumer;

/** One direction of a session: what the source sends is written to the sink, and not read faster than that goes. */
final class Flow {
    private final ChannelHandlerContext source;
    private final ChannelHandlerContext sink;
    private final Function<ChannelHandlerContext, ChannelFuture> ending;
    private final LongConsumer meter;
    private long bytes;
    /** Bytes that the meter has heard of: written by the event loop alone. */
    private volatile long metered;

    private boolean ended;
    private boolean over;

    /**
     * Makes a flow in which nothing moves yet.
     *
     * @param ending how to tell the sink that no more follows
     * @param meter hears of every byte once, many at a time
     */
    Flow(
            ChannelHandlerContext source,
            ChannelHandlerContext sink,
            Function<ChannelHandlerContext, ChannelFuture> ending,
            LongConsumer meter) {
        this.source = source;
        this.sink = sink;
        this.ending = ending;
        this.meter = meter;
    }

    void pass(ByteBuf portion) {
        bytes += portion.readableBytes();
        var _ = sink.write(portion);
    }

    /** Sends what was passed on its way, and asks for more. */
    void flush() {
        sink.flush();
        meter.accept(bytes - metered);
        metered = bytes;
        pull();
    }

    /**
     * Asks the source for more, if the sink can take it. A sink that is closed takes all, and drops it: to close a
     * socket that has something unread is to reset it, and its peer may lose what it has yet to read.
     */
    void pull() {
        if (!ended && (sink.channel().isWritable() || !sink.channel().isActive())) {
            source.read();
        }
    }

    /** Tells the sink, behind all that was passed, that the source has ended; once. */
    void end(Runnable whenOver) {
        if (!ended) {
            ended = true;
            ending.apply(sink).addListener(done -> {
                over = true;
                whenOver.run();
            });
        }
    }

    /** Whether the source has ended. */
    boolean ended() {
        return ended;
    }

    /** Whether the sink has got everything, the end included, or is closed. */
    boolean over() {
        return over;
    }

    /** Bytes passed as of the last flush. For any thread. */
    long flushed() {
        return metered;
    }

    /** Bytes passed so far. */
    long bytes() {
        return bytes;
    }
}
