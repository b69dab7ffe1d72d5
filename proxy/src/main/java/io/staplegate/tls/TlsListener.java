package io.staplegate.tls;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.staplegate.config.ListenerConfig;
import io.staplegate.device.Gate;
import io.staplegate.handshake.Handshakes;
import io.staplegate.net.Binding;
import io.staplegate.net.ConnectionLimits;
import io.staplegate.net.Transport;
import io.staplegate.relay.SessionSignal;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.telemetry.Telemetry.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A TCP port on which devices speak TLS: accepts, limits, and assembles each connection's pipeline. */
public final class TlsListener {
    /**
     * Bounds what a device that has closed its side may leave in the kernel, in bytes. Epoll reads all of that at once,
     * whether the backend can take it or not.
     */
    private static final int RECEIVE_BUFFER = 256 * 1024;

    private static final int BACKLOG = 4096;
    private static final Executor OFF_THE_EVENT_LOOP = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("handshake-", 0).factory());

    private final ListenerConfig config;
    private final Handshakes handshakes;
    private final Supplier<ChannelHandler> sessions;
    private final @Nullable Gate gate;
    private final Telemetry telemetry;
    private final ConnectionLimits limits;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final Channel server;

    private TlsListener(
            ListenerConfig config,
            Handshakes handshakes,
            Supplier<ChannelHandler> sessions,
            @Nullable Gate gate,
            Transport transport,
            Telemetry telemetry)
            throws IOException {
        this.config = config;
        this.handshakes = handshakes;
        this.sessions = sessions;
        this.gate = gate;
        this.telemetry = telemetry;
        this.limits = new ConnectionLimits(config.maxConnections(), config.maxConnectionsPerSource());
        this.server = bind(transport);
    }

    /**
     * Binds the port. Connections wait in the kernel's queue until {@link #serve}.
     *
     * @param handshakes says who the proxy is and what it staples
     * @param sessions makes the last handler of each connection: the relay's
     * @param gate says which devices with a certificate may come in; null: all
     * @throws IOException when the address cannot be bound; the message names it
     */
    public static TlsListener open(
            ListenerConfig config,
            Handshakes handshakes,
            Supplier<ChannelHandler> sessions,
            @Nullable Gate gate,
            Transport transport,
            Telemetry telemetry)
            throws IOException {
        telemetry.listenerKnown(config.name());
        return new TlsListener(config, handshakes, sessions, gate, transport, telemetry);
    }

    private Channel bind(Transport transport) throws IOException {
        ChannelFuture binding = new ServerBootstrap()
                .group(transport.eventLoops())
                .channel(transport.tcpServer())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) throws IOException {
                        accept(channel);
                    }
                })
                .bind(new InetSocketAddress(config.bind().host(), config.bind().port()));
        return Binding.await(binding, config.bind());
    }

    /** The pipeline: {@code socket – handshake, then records – (gate –) relay}. */
    private void accept(SocketChannel channel) throws IOException {
        InetSocketAddress source = channel.remoteAddress();
        if (source == null || isRefused(source.getAddress())) {
            channel.config().setSoLinger(0);
            var _ = channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> limits.release(source.getAddress()));
        connections.add(channel);
        Executor steps = handshakes.mayBlock() ? OFF_THE_EVENT_LOOP : Runnable::run;
        channel.pipeline()
                .addLast(
                        "handshake",
                        new HandshakeHandler(
                                config.name(), config.handshakeTimeout(), telemetry, handshakes.newPeer(), gate, steps))
                .addLast("session", sessions.get());
    }

    private boolean isRefused(InetAddress source) {
        ConnectionLimits.@Nullable Limit reached = limits.admit(source);
        if (reached != null) {
            telemetry.connectionRefused(config.name(), refusal(reached));
        }
        return reached != null;
    }

    private static Refusal refusal(ConnectionLimits.Limit reached) {
        return switch (reached) {
            case IN_ALL -> Refusal.LISTENER_LIMIT;
            case BY_SOURCE -> Refusal.SOURCE_LIMIT;
        };
    }

    /** Begins to accept. */
    public void serve() {
        server.config().setAutoRead(true);
    }

    /** The port that is bound: of interest where the configuration said 0. */
    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** Connections that are open, handshakes included. */
    public int connections() {
        return limits.open();
    }

    /** Closes the port; connections live on. Blocks briefly. */
    public void stopAccepting() {
        server.close().awaitUninterruptibly();
    }

    /** Waits for the end of every connection, but not for longer than this. Call {@link #stopAccepting} before. */
    public void awaitIdle(Duration limit) throws InterruptedException {
        connections.newCloseFuture().await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends every connection with a close_notify, and waits until they have left, but not for longer than this. */
    public void shutdown(Duration limit) throws InterruptedException {
        var _ = connections.writeAndFlush(SessionSignal.SHUTDOWN);
        awaitIdle(limit);
    }
}
