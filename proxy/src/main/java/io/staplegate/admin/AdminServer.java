package io.staplegate.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.staplegate.config.SocketAddress;
import io.staplegate.net.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The operator's HTTP endpoint. Each connection carries one request, so that no request waits behind another that
 * fetches, and a slow or hostile client costs one of few connections for a while.
 */
public final class AdminServer implements AutoCloseable {
    static final int MOST_CONNECTIONS = 32;
    private static final int LONGEST_LINE = 4096;
    private static final int LARGEST_HEAD = 8192;
    private static final int ANSWER_SECONDS = 60;

    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final Channel server;

    private AdminServer(InetSocketAddress bind, Desk desk, Transport transport) throws IOException {
        Routes routes = new Pages(desk).routes();
        Guard guard = new Guard(routes, bind.getAddress().isLoopbackAddress());
        ChannelFuture bound = new ServerBootstrap()
                .group(transport.eventLoops())
                .channel(transport.tcpServer())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        assemble(connection, guard, routes, desk.clock());
                    }
                })
                .bind(bind)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            workers.close();
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        server = bound.channel();
    }

    /**
     * Binds the endpoint.
     *
     * @param desk what its pages show and set off
     * @throws IOException when the address cannot be bound; the message names it
     */
    public static AdminServer open(SocketAddress.HostPort bind, Desk desk, Transport transport) throws IOException {
        InetSocketAddress address = new InetSocketAddress(bind.host(), bind.port());
        try {
            if (address.isUnresolved()) {
                throw new IOException("the name does not resolve");
            }
            return new AdminServer(address, desk, transport);
        } catch (IOException e) {
            throw new IOException("\"" + bind + "\" cannot be bound (" + e.getMessage() + ")", e);
        }
    }

    /** The port that is bound: of interest where the configuration said 0. */
    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** Closes the port and every connection, and interrupts what they wait for. */
    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        workers.shutdownNow();
        connections.close().awaitUninterruptibly();
    }

    private void assemble(Channel connection, Guard guard, Routes routes, InstantSource clock) {
        connections.add(connection);
        if (connections.size() > MOST_CONNECTIONS) {
            var _ = connection.close();
            return;
        }
        HttpDecoderConfig limits =
                new HttpDecoderConfig().setMaxInitialLineLength(LONGEST_LINE).setMaxHeaderSize(LARGEST_HEAD);
        connection
                .pipeline()
                .addLast(
                        new WriteTimeoutHandler(ANSWER_SECONDS),
                        new HttpServerCodec(limits),
                        new AdminHandler(guard, routes, workers, clock));
    }
}
