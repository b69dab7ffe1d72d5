package io.staplegate.testing;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.staplegate.demo.OcspReply;
import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** What a {@link FaultyResponder} does with a request. */
@FunctionalInterface
public interface Behaviour {
    void answer(Exchange exchange);

    /** One request, and the way back. */
    record Exchange(Responder.Request request, StatusBook book, ChannelHandlerContext context) {
        byte[] honest() {
            return book.answer(request.ocsp());
        }

        void write(Object message) {
            var _ = context.writeAndFlush(message);
        }

        void writeAndReset(Object message) {
            var _ = context.writeAndFlush(message).addListener(_ -> reset());
        }

        void reset() {
            context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            var _ = context.close();
        }

        void after(Duration delay, Runnable task) {
            var _ = context.executor().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Answers as the book says. */
    static Behaviour honest() {
        return exchange -> exchange.write(Responder.response(exchange.honest()));
    }

    /** Answers with a fault inside the OCSP response. */
    static Behaviour responding(ResponseVariant variant) {
        return exchange -> {
            OcspReply honest = StatusBook.asked(exchange.request.ocsp())
                    .flatMap(exchange.book::reply)
                    .orElseThrow();
            exchange.write(Responder.response(variant.of(honest)));
        };
    }

    /** Answers with these bytes. */
    static Behaviour responding(byte[] body) {
        return exchange -> exchange.write(Responder.response(body));
    }

    /** An HTTP cache on the way has an answer of yesterday, and asks the responder only when told to. */
    static Behaviour cachedYesterday() {
        Behaviour stale = responding(ResponseVariant.STALE);
        return exchange -> (exchange.request.cacheControl().equals("no-cache") ? honest() : stale).answer(exchange);
    }

    /** Answers with nothing, and status 200. */
    static Behaviour empty() {
        return responding(new byte[0]);
    }

    /** Does the same later. */
    static Behaviour delayed(Duration delay, Behaviour behaviour) {
        return exchange -> exchange.after(delay, () -> behaviour.answer(exchange));
    }

    /** Never answers. */
    static Behaviour silent() {
        return _ -> {};
    }

    /** Cuts the connection without a word. */
    static Behaviour reset() {
        return Exchange::reset;
    }

    /** An HTTP status without a body. */
    static Behaviour status(int code) {
        return exchange -> exchange.write(page(code, ""));
    }

    /** Asks for patience: 429 or 503 with a Retry-After. */
    static Behaviour retryAfter(int code, Duration wait) {
        return exchange -> {
            FullHttpResponse response = page(code, "");
            response.headers().set(HttpHeaderNames.RETRY_AFTER, wait.toSeconds());
            exchange.write(response);
        };
    }

    /** A page with status 200, as captive portals send it. */
    static Behaviour html() {
        return exchange -> exchange.write(page(200, "<html><body>Please log in</body></html>"));
    }

    /** Redirects (301); an empty location: to where the request went. */
    static Behaviour redirect(String location) {
        return exchange -> {
            FullHttpResponse response = page(301, "");
            response.headers().set(HttpHeaderNames.LOCATION, location.isEmpty() ? exchange.request.uri() : location);
            exchange.write(response);
        };
    }

    /** Redirects to itself for ever. */
    static Behaviour redirectLoop() {
        return redirect("");
    }

    /** Half of the response, then a cut. */
    static Behaviour truncated() {
        return exchange -> {
            byte[] body = exchange.honest();
            exchange.write(head(body.length));
            exchange.writeAndReset(new DefaultHttpContent(Unpooled.wrappedBuffer(body, 0, body.length / 2)));
        };
    }

    /** The response byte by byte, with a pause before each. */
    static Behaviour dripping(Duration pause) {
        return exchange -> {
            byte[] body = exchange.honest();
            exchange.write(head(body.length));
            drip(exchange, body, 0, pause);
        };
    }

    private static void drip(Exchange exchange, byte[] body, int position, Duration pause) {
        if (position == body.length) {
            exchange.write(LastHttpContent.EMPTY_LAST_CONTENT);
        } else if (exchange.context.channel().isActive()) {
            exchange.write(new DefaultHttpContent(Unpooled.copiedBuffer(body, position, 1)));
            exchange.after(pause, () -> drip(exchange, body, position + 1, pause));
        }
    }

    /** A body of so many bytes. */
    static Behaviour huge(int bytes) {
        return exchange -> {
            exchange.write(head(bytes));
            flood(exchange, bytes);
        };
    }

    private static void flood(Exchange exchange, int left) {
        if (left == 0) {
            exchange.write(LastHttpContent.EMPTY_LAST_CONTENT);
            return;
        }
        byte[] piece = new byte[Math.min(left, 64 * 1024)];
        Arrays.fill(piece, (byte) 0x30);
        var _ = exchange.context
                .writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(piece)))
                .addListener((ChannelFutureListener) written -> {
                    if (written.isSuccess()) {
                        flood(exchange, left - piece.length);
                    }
                });
    }

    private static HttpResponse head(int length) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/ocsp-response")
                .set(HttpHeaderNames.CONTENT_LENGTH, length);
        return head;
    }

    private static FullHttpResponse page(int code, String html) {
        byte[] body = html.getBytes(StandardCharsets.UTF_8);
        FullHttpResponse page = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code), Unpooled.wrappedBuffer(body));
        page.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/html").set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        return page;
    }
}
