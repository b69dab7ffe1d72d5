package io.staplegate.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** HTTP over a Unix domain socket, which the JDK's client does not speak: a connection for each request. */
public final class UnixHttp {
    /** Of an answer, in bytes: a hundred thousand rows have some tens of MiB. */
    private static final int LARGEST_ANSWER = 1 << 29;

    private UnixHttp() {}

    /**
     * What came back.
     *
     * @param headers names in any case
     */
    public record Reply(int status, Map<String, String> headers, byte[] body) {}

    /**
     * Sends a request and returns the answer. Blocks.
     *
     * @param timeout from the connect to the end of the answer
     * @throws IOException where nobody listens, or no whole answer comes in time
     */
    public static Reply exchange(
            Path socket, String method, String target, Map<String, String> headers, byte[] body, Duration timeout)
            throws IOException, InterruptedException {
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), target, Unpooled.wrappedBuffer(body));
        headers.forEach(request.headers()::set);
        request.headers().set(HttpHeaderNames.HOST, "localhost").set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        try (Transport transport = Transport.open(1)) {
            new Bootstrap()
                    .group(transport.eventLoops())
                    .channel(transport.unixClient())
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline()
                                    .addLast(
                                            new HttpClientCodec(),
                                            new HttpObjectAggregator(LARGEST_ANSWER),
                                            new Receiver(request, reply));
                        }
                    })
                    .connect(transport.unixAddress(socket))
                    .addListener(connected -> {
                        if (!connected.isSuccess()) {
                            reply.completeExceptionally(connected.cause());
                        }
                    });
            return reply.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer in " + timeout.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    /** The end of the connection's pipeline. */
    private static final class Receiver extends SimpleChannelInboundHandler<FullHttpResponse> {
        private final FullHttpRequest request;
        private final CompletableFuture<Reply> reply;

        Receiver(FullHttpRequest request, CompletableFuture<Reply> reply) {
            this.request = request;
            this.reply = reply;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            var _ = context.writeAndFlush(request);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            response.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
            reply.complete(new Reply(response.status().code(), headers, ByteBufUtil.getBytes(response.content())));
            var _ = context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            reply.completeExceptionally(new IOException("closed without an answer"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            reply.completeExceptionally(cause);
            var _ = context.close();
        }
    }
}
