package io.staplegate.mirror;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.staplegate.config.MirrorConfig;
import io.staplegate.device.Answers;
import io.staplegate.device.RevocationLists;
import io.staplegate.net.Binding;
import io.staplegate.net.ConnectionLimits;
import io.staplegate.net.Transport;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.telemetry.Telemetry.MirrorOutcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The mirror's port: accepts, limits, and assembles each connection's pipeline. */
public final class MirrorServer implements AutoCloseable {
    private static final int LONGEST_LINE = 8 * 1024;
    private static final int LARGEST_HEAD = 8 * 1024;
    private static final int BACKLOG = 4096;
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(30);
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final Sources sources;
    private final Telemetry telemetry;
    private final Duration patience;
    private final Respondent respondent;
    private final Quotas quotas;
    private final ConnectionLimits limits;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final Channel server;

    /** What requests are answered from. {@code own}: about our own certificates; null where nothing is valid. */
    public record Sources(
            Function<CertId, @Nullable OcspAnswer> own, Answers others, RevocationLists lists, InstantSource clock) {}

    private MirrorServer(
            MirrorConfig config, Sources sources, Transport transport, Telemetry telemetry, Duration patience)
            throws IOException {
        this.sources = sources;
        this.telemetry = telemetry;
        this.patience = patience;
        this.respondent = new Respondent(sources, config.nonce());
        this.quotas = new Quotas(config.maxRequestsPerSecondPerSource(), System::nanoTime);
        this.limits = new ConnectionLimits(config.maxConnections(), config.maxConnectionsPerSource());
        this.server = bind(config, transport);
    }

    /**
     * Binds the port. Clients wait in the kernel's queue until {@link #serve}.
     *
     * @param timeout {@code ocsp.timeout}: within which the sources answer
     * @throws IOException when the address cannot be bound; the message names it
     */
    public static MirrorServer open(
            MirrorConfig config, Sources sources, Duration timeout, Transport transport, Telemetry telemetry)
            throws IOException {
        return openWith(config, sources, transport, telemetry, patience(timeout));
    }

    /** A request with a nonce may be forwarded, and then asked about: either takes up to the timeout. */
    static Duration patience(Duration timeout) {
        Duration longestAnswer = timeout.multipliedBy(2).plus(MARGIN);
        return longestAnswer.compareTo(LEAST_PATIENCE) > 0 ? longestAnswer : LEAST_PATIENCE;
    }

    /** The same with another patience, for tests: how long a connection may stay on which nothing is answered. */
    static MirrorServer openWith(
            MirrorConfig config, Sources sources, Transport transport, Telemetry telemetry, Duration patience)
            throws IOException {
        return new MirrorServer(config, sources, transport, telemetry, patience);
    }

    private Channel bind(MirrorConfig config, Transport transport) throws IOException {
        ChannelFuture binding = new ServerBootstrap()
                .group(transport.eventLoops())
                .channel(transport.tcpServer())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                })
                .bind(new InetSocketAddress(config.bind().host(), config.bind().port()));
        return Binding.await(binding, config.bind());
    }

    /** The pipeline: {@code socket – timeout – HTTP – whole requests, one by one – answers}. */
    private void accept(SocketChannel channel) {
        InetSocketAddress peer = channel.remoteAddress();
        if (peer == null) {
            var _ = channel.close();
            return;
        }
        InetAddress source = Source.of(peer.getAddress());
        if (limits.admit(source) != null) {
            telemetry.mirrorRequested(MirrorOutcome.LIMITED);
            channel.config().setSoLinger(0);
            var _ = channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> limits.release(source));
        connections.add(channel);
        HttpDecoderConfig bounds =
                new HttpDecoderConfig().setMaxInitialLineLength(LONGEST_LINE).setMaxHeaderSize(LARGEST_HEAD);
        channel.pipeline()
                .addLast(new IdleStateHandler(true, 0, patience.toNanos(), 0, TimeUnit.NANOSECONDS))
                .addLast(new HttpServerCodec(bounds))
                .addLast(new WholeRequests())
                .addLast(new FlowControlHandler())
                .addLast(new MirrorHandler(respondent, quotas, source, sources.clock(), telemetry));
    }

    /** Begins to accept. */
    public void serve() {
        server.config().setAutoRead(true);
    }

    /** The port that is bound: of interest where the configuration said 0. */
    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** Closes the port and every connection. */
    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        connections.close().awaitUninterruptibly();
    }
}
