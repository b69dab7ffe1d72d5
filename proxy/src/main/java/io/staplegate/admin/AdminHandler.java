package io.staplegate.admin;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.time.InstantSource;
import java.util.Date;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of the admin endpoint: one request, one answer, close. Owned by its event loop. */
final class AdminHandler extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

    /** From the accept to the end of the request, however it drips. */
    private static final int REQUEST_SECONDS = 10;

    private final Guard guard;
    private final Connections connections;
    private final Executor workers;
    private final InstantSource clock;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private @Nullable Future<?> deadline;
    private @Nullable HttpRequest head;
    private boolean answering;

    /** {@code clock}: what answers are dated by. */
    AdminHandler(Guard guard, Connections connections, Executor workers, InstantSource clock) {
        this.guard = guard;
        this.connections = connections;
        this.workers = workers;
        this.clock = clock;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        deadline = context.executor().schedule(() -> close(context), REQUEST_SECONDS, TimeUnit.SECONDS);
        context.fireChannelActive();
    }

    /** The first request counts; another behind it is read and dropped until the close. */
    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        if (answering) {
            return;
        }
        if (message instanceof HttpRequest request) {
            begin(context, request);
        } else if (message instanceof HttpContent part && head != null) {
            body.writeBytes(ByteBufUtil.getBytes(part.content()));
            if (part instanceof LastHttpContent) {
                handOver(context, head);
            }
        }
    }

    /** From here on the body is as long as its length says, which the guard has seen. */
    private void begin(ChannelHandlerContext context, HttpRequest request) {
        head = request;
        Answer refusal = guard.refusal(request);
        if (refusal != null) {
            answering = true;
            cancelDeadline();
            send(context, refusal);
        } else if (HttpUtil.is100ContinueExpected(request)) {
            var _ = context.writeAndFlush(
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
    }

    private void handOver(ChannelHandlerContext context, HttpRequest request) {
        answering = true;
        cancelDeadline();
        connections.hasAsked(context.channel());
        byte[] content = body.toByteArray();
        try {
            workers.execute(() -> work(context, request, content));
        } catch (RejectedExecutionException e) {
            close(context);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancelDeadline();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.atDebug().addKeyValue("cause", cause.toString()).log("admin connection broke");
        close(context);
    }

    /** On a virtual thread: pages block. */
    private void work(ChannelHandlerContext context, HttpRequest request, byte[] content) {
        try {
            send(context, guard.routes().answer(request, content));
        } catch (InterruptedException e) {
            close(context);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("admin page failed");
            send(context, Answer.text(HttpResponseStatus.INTERNAL_SERVER_ERROR, "this failed; the log says why"));
        }
    }

    private void send(ChannelHandlerContext context, Answer answer) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, answer.status(), Unpooled.wrappedBuffer(answer.body()));
        response.headers()
                .set(HttpHeaderNames.DATE, DateFormatter.format(Date.from(clock.instant())))
                .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Content-Type-Options", "nosniff")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        answer.headers().forEach(response.headers()::set);
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    private static void close(ChannelHandlerContext context) {
        var _ = context.close();
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
