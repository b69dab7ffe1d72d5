package io.staplegate.demo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.staplegate.net.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;

/** An OCSP responder over HTTP on loopback: GET and POST (RFC 6960 appendix A). */
public final class Responder implements AutoCloseable {
    private static final int MAX_REQUEST_BYTES = 64 * 1024;

    private final Transport transport;
    private final AtomicLong requests = new AtomicLong();
    private final Answer answer;
    private final Channel server;

    /**
     * What a client sent.
     *
     * @param cacheControl empty where the client said nothing
     * @param ocsp empty where a GET's path is not Base64
     */
    public record Request(String method, String uri, String cacheControl, byte[] ocsp) {}

    /** Answers one request, on the event loop: at once, later, in pieces or never. Tests put their faults in here. */
    @FunctionalInterface
    public interface Answer {
        void give(Request request, ChannelHandlerContext context);
    }

    private Responder(int port, Answer answer) throws IOException {
        this.answer = answer;
        this.transport = Transport.open(1);
        ChannelFuture bound = new ServerBootstrap()
                .group(transport.eventLoops())
                .channel(transport.tcpServer())
                .childHandler(new Pipeline())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            transport.close();
            throw new IOException("cannot listen on port " + port, bound.cause());
        }
        this.server = bound.channel();
    }

    /**
     * Answers from a book.
     *
     * @param port 0 picks a free one
     */
    public static Responder start(int port, StatusBook book) throws IOException {
        return start(port, (request, context) -> {
            var _ = context.writeAndFlush(response(book.answer(request.ocsp)));
        });
    }

    /** Answers in any way. */
    public static Responder start(int port, Answer answer) throws IOException {
        return new Responder(port, answer);
    }

    /** The 200 that carries an OCSP response. */
    public static FullHttpResponse response(byte[] ocsp) {
        var response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(ocsp));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/ocsp-response")
                .set(HttpHeaderNames.CONTENT_LENGTH, ocsp.length);
        return response;
    }

    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** What certificates name as their responder. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port() + "/");
    }

    /** How many requests came since the start. */
    public long requests() {
        return requests.get();
    }

    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        transport.close();
    }

    private static byte[] ocsp(FullHttpRequest request) {
        if (!request.method().equals(HttpMethod.GET)) {
            return ByteBufUtil.getBytes(request.content());
        }
        String path = new QueryStringDecoder(request.uri()).path();
        try {
            return Base64.getDecoder().decode(path.substring(1));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return new byte[0];
        }
    }

    private final class Pipeline extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline()
                    .addLast(new HttpServerCodec())
                    .addLast(new HttpServerKeepAliveHandler())
                    .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
                    .addLast(new RequestHandler());
        }
    }

    private final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            requests.incrementAndGet();
            String cacheControl = request.headers().get(HttpHeaderNames.CACHE_CONTROL, "");
            answer.give(new Request(request.method().name(), request.uri(), cacheControl, ocsp(request)), context);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }
    }
}
