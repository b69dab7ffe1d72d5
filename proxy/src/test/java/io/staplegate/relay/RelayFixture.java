package io.staplegate.relay;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.staplegate.config.AccessLogConfig;
import io.staplegate.config.BackendConfig;
import io.staplegate.config.ListenerConfig;
import io.staplegate.config.SocketAddress;
import io.staplegate.net.Transport;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.testing.DtlsDefaults;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A relay on real sockets: a listener without TLS before it, a backend behind it. */
final class RelayFixture implements AutoCloseable {
    /** The time at which every session ends, for the access log. */
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    final Telemetry telemetry = new Telemetry(InstantSource.fixed(NOW));
    private final Transport transport;
    private final AccessLog accessLog;
    private final Channel server;
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();

    RelayFixture(Transport.Kind kind, BackendConfig backend) throws IOException {
        this(kind, backend, Duration.ofHours(1), new AccessLogConfig(AccessLogConfig.Format.OFF, null));
    }

    RelayFixture(Transport.Kind kind, BackendConfig backend, Duration idleTimeout, AccessLogConfig log)
            throws IOException {
        transport = Transport.open(1, kind);
        accessLog = AccessLog.open(log, InstantSource.fixed(NOW));
        telemetry.listenerKnown("mqtts");
        telemetry.backendKnown(backend.name());
        Relay relay = new Relay(listener(idleTimeout), backend, transport, accessLog, telemetry);
        server = new ServerBootstrap()
                .group(transport.eventLoops())
                .channel(transport.tcpServer())
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accepted.add(channel);
                        channel.pipeline().addLast(new PlainSecurity(RelayFixture::facts), relay.newSession());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    /** A backend with one address or several, that is given up on quickly. */
    static BackendConfig backend(SocketAddress... addresses) {
        return backend(BackendConfig.ProxyProtocol.OFF, addresses);
    }

    static BackendConfig backend(BackendConfig.ProxyProtocol proxyProtocol, SocketAddress... addresses) {
        return new BackendConfig(
                "broker",
                List.of(addresses),
                BackendConfig.Transport.TCP,
                proxyProtocol,
                List.of(),
                Duration.ofMillis(500));
    }

    private static ListenerConfig listener(Duration idleTimeout) {
        return new ListenerConfig(
                "mqtts",
                new SocketAddress.HostPort("127.0.0.1", 0),
                ListenerConfig.Protocol.TLS,
                List.of(),
                "broker",
                false,
                List.of(),
                Duration.ofSeconds(10),
                idleTimeout,
                1000,
                0,
                null,
                DtlsDefaults.DTLS);
    }

    private static SessionFacts facts(SocketChannel channel) {
        return new SessionFacts(
                "mqtts",
                channel.remoteAddress(),
                channel.localAddress(),
                "TLSv1.3",
                "TLS_AES_128_GCM_SHA256",
                "broker.example",
                null,
                "chain",
                false,
                null,
                null,
                "gateway");
    }

    /** A device that has just connected; what it does not read, its kernel does not take for long. */
    Socket device() throws IOException {
        Socket device = new Socket();
        device.setReceiveBufferSize(64 * 1024);
        device.setSoTimeout(20_000);
        device.connect(server.localAddress());
        return device;
    }

    /** The proxy's end of the next device, in the order in which they connected. */
    Channel accepted() throws InterruptedException {
        Channel channel = accepted.poll(10, TimeUnit.SECONDS);
        if (channel == null) {
            throw new IllegalStateException("no device has connected");
        }
        return channel;
    }

    /** The value of a metric, by its name with labels as exposed. */
    double metric(String series) {
        return telemetry
                .scrape("text/plain")
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no series " + series));
    }

    double sessions() {
        return metric("staplegate_sessions{listener=\"mqtts\"}");
    }

    @Override
    public void close() {
        transport.close();
        accessLog.close();
    }
}
