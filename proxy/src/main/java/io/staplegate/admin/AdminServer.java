package io.staplegate.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.staplegate.config.SocketAddress;
import io.staplegate.identity.AdminAccess;
import io.staplegate.net.SocketFile;
import io.staplegate.net.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The operator's HTTP endpoint. Each connection carries one request, so that no request waits behind another that
 * fetches, and a slow or hostile client costs one of few connections until another asks for its place.
 */
public final class AdminServer implements AutoCloseable {
    static final int MOST_CONNECTIONS = 32;
    private static final int LONGEST_LINE = 4096;
    private static final int LARGEST_HEAD = 8192;
    private static final int ANSWER_SECONDS = 60;

    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Connections connections = new Connections(MOST_CONNECTIONS);
    private final Channel server;

    private final @Nullable Path socketFile;

    private AdminServer(Place place, Supplier<AdminAccess> access, Desk desk, Transport transport) throws IOException {
        Routes routes = new Pages(desk).routes();
        Guard guard = new Guard(routes, place.door(), access);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(transport.eventLoops())
                .channel(place.socketFile() == null ? transport.tcpServer() : transport.unixServer())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        assemble(connection, access.get(), guard, desk.clock());
                    }
                });
        if (place.socketFile() == null) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true);
        } else {
            SocketFile.makeRoom(place.socketFile());
        }
        ChannelFuture bound = bootstrap.bind(place.address()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            workers.close();
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        server = bound.channel();
        socketFile = place.socketFile();
        try {
            protect();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void protect() throws IOException {
        if (socketFile != null) {
            SocketFile.protect(socketFile);
        }
    }

    /** Where it is bound. {@code socketFile}: null for TCP. */
    private record Place(
            java.net.SocketAddress address,
            Door door,
            @Nullable Path socketFile) {
        static Place of(SocketAddress bind, Transport transport) throws IOException {
            return switch (bind) {
                case SocketAddress.UnixPath(Path path) -> new Place(transport.unixAddress(path), Door.UNIX, path);
                case SocketAddress.HostPort(String host, int port) -> {
                    InetSocketAddress address = new InetSocketAddress(host, port);
                    if (address.isUnresolved()) {
                        throw new IOException("the name does not resolve");
                    }
                    boolean isLoopback = address.getAddress().isLoopbackAddress();
                    yield new Place(address, isLoopback ? Door.LOOPBACK : Door.NETWORK, null);
                }
            };
        }
    }

    /**
     * Binds the endpoint.
     *
     * @param access what must be shown, from now on: asked for at each connection and request
     * @param desk what its pages show and set off
     * @throws IOException when the address cannot be bound; the message names it
     */
    public static AdminServer open(SocketAddress bind, Supplier<AdminAccess> access, Desk desk, Transport transport)
            throws IOException {
        try {
            return new AdminServer(Place.of(bind, transport), access, desk, transport);
        } catch (IOException e) {
            throw new IOException("\"" + bind + "\" cannot be bound (" + e.getMessage() + ")", e);
        }
    }

    /** The port that is bound, of interest where the configuration said 0; none for a Unix socket. */
    public OptionalInt port() {
        return server.localAddress() instanceof InetSocketAddress address
                ? OptionalInt.of(address.getPort())
                : OptionalInt.empty();
    }

    /** Closes the port and every connection, and interrupts what they wait for. */
    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        if (socketFile != null) {
            SocketFile.remove(socketFile);
        }
        workers.shutdownNow();
        connections.close();
    }

    private void assemble(Channel connection, AdminAccess access, Guard guard, InstantSource clock) {
        if (!connections.admit(connection)) {
            return;
        }
        HttpDecoderConfig limits =
                new HttpDecoderConfig().setMaxInitialLineLength(LONGEST_LINE).setMaxHeaderSize(LARGEST_HEAD);
        SSLEngine tls = access.newEngine();
        if (tls != null) {
            connection.pipeline().addLast(new SslHandler(tls, workers)); // signatures are not for the event loop
        }
        connection
                .pipeline()
                .addLast(
                        new WriteTimeoutHandler(ANSWER_SECONDS),
                        new HttpServerCodec(limits),
                        new AdminHandler(guard, connections, workers, clock));
    }
}
