package io.staplegate.mirror;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import io.staplegate.mirror.Quotas.Quota;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.telemetry.Telemetry.MirrorOutcome;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of the mirror: answers in the order of the requests, however long one of them takes. Owned by its
 * event loop.
 */
final class MirrorHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(MirrorHandler.class);

    /** Requests that may wait for their answers: no more are read before the first of them is answered. */
    static final int MOST_WAITING = 16;

    private final Respondent respondent;
    private final Quotas quotas;
    private final InetAddress source;
    private final InstantSource clock;
    private final Telemetry telemetry;
    private final Deque<Waiting> waiting = new ArrayDeque<>(MOST_WAITING);
    private boolean ending;

    /** A request that has no answer yet, or one that others have to go before. */
    private record Waiting(Manner manner, CompletableFuture<Reply> reply) {}

    /** {@code source}: as {@link Source#of} tells sources apart. */
    MirrorHandler(Respondent respondent, Quotas quotas, InetAddress source, InstantSource clock, Telemetry telemetry) {
        this.respondent = respondent;
        this.quotas = quotas;
        this.source = source;
        this.clock = clock;
        this.telemetry = telemetry;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (ending) {
            return;
        }
        Manner manner = Manner.of(request);
        ending = !manner.staysOpen();
        CompletableFuture<Reply> reply = reply(request);
        waiting.add(new Waiting(manner, reply));
        if (reply.isDone()) {
            writeWhatIsDone(context);
        } else {
            var _ = reply.thenRunAsync(
                    () -> {
                        writeWhatIsDone(context);
                        context.flush();
                    },
                    context.executor());
        }
        regulate(context);
    }

    private CompletableFuture<Reply> reply(FullHttpRequest request) {
        Quota quota = quotas.of(source);
        return quota.requests().take()
                ? respondent.answer(request, quota)
                : CompletableFuture.completedFuture(Reply.fault(HttpResponseStatus.TOO_MANY_REQUESTS));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        regulate(context);
    }

    /** Nothing has been written for a while: the client asks nothing, or drips, or does not read. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            var _ = context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.atDebug().addKeyValue("cause", cause.toString()).log("a connection to the mirror broke");
        var _ = context.close();
    }

    private void writeWhatIsDone(ChannelHandlerContext context) {
        while (!waiting.isEmpty() && waiting.getFirst().reply.isDone()) {
            Waiting next = waiting.removeFirst();
            write(context, next.manner, next.reply.join());
        }
        regulate(context);
    }

    private void write(ChannelHandlerContext context, Manner manner, Reply reply) {
        long now = clock.millis();
        Document document = reply.document();
        boolean known = reply.status().equals(HttpResponseStatus.OK) && !document.isWanted(manner.condition());
        HttpResponseStatus status = known ? HttpResponseStatus.NOT_MODIFIED : reply.status();
        HttpHeaders headers = known ? document.headersAloneAt(now) : document.headersAt(now);
        ByteBuf body = known ? Unpooled.EMPTY_BUFFER : document.body();
        var response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, body, ofConnection(headers, manner), EmptyHttpHeaders.INSTANCE);
        telemetry.mirrorRequested(known ? MirrorOutcome.NOT_MODIFIED : reply.outcome());
        ChannelFuture written = context.write(response);
        if (!manner.staysOpen()) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static HttpHeaders ofConnection(HttpHeaders shared, Manner manner) {
        if (manner.staysOpen() && !manner.mustSaySo()) {
            return shared;
        }
        return new DefaultHttpHeaders()
                .add(shared)
                .set(
                        HttpHeaderNames.CONNECTION,
                        manner.staysOpen() ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
    }

    /** Reads on only while answers can leave. */
    private void regulate(ChannelHandlerContext context) {
        boolean reads =
                !ending && waiting.size() < MOST_WAITING && context.channel().isWritable();
        if (context.channel().config().isAutoRead() != reads) {
            context.channel().config().setAutoRead(reads);
        }
    }
}
