package io.staplegate.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.staplegate.config.AccessLogConfig;
import io.staplegate.config.BackendConfig;
import io.staplegate.config.ListenerConfig;
import io.staplegate.config.SocketAddress.HostPort;
import io.staplegate.net.Transport;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.testing.DtlsDefaults;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A datagram relay on a real event loop and real sockets, with one device whose DTLS session is only played. */
final class DatagramFixture implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    static final int MTU = DtlsDefaults.DTLS.mtu();

    final Telemetry telemetry = new Telemetry(InstantSource.fixed(NOW));
    final Device device = new Device();
    final EventLoop eventLoop;
    private final Transport transport;
    private final AccessLog accessLog;
    private final DatagramRelay relay;
    private final DatagramSession session;

    /** What the backend sends to the device. What was not flushed is not there. */
    static final class Device implements DatagramDevice {
        final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
        private final BlockingQueue<byte[]> unflushed = new LinkedBlockingQueue<>();
        volatile boolean refuses;
        final AtomicInteger flushes = new AtomicInteger();

        @Override
        public boolean send(ByteBuf datagram) {
            byte[] bytes = ByteBufUtil.getBytes(datagram);
            datagram.release();
            return !refuses && unflushed.add(bytes);
        }

        @Override
        public void flush() {
            flushes.incrementAndGet();
            unflushed.drainTo(received);
        }

        @Override
        public void end(SessionEnd why) {}

        String next() throws InterruptedException {
            byte[] datagram = received.poll(10, TimeUnit.SECONDS);
            if (datagram == null) {
                throw new IllegalStateException("nothing came");
            }
            return new String(datagram, UTF_8);
        }
    }

    DatagramFixture(Transport.Kind kind, BackendConfig backend) throws Exception {
        this(kind, backend, InetAddress::getAllByName, new AccessLogConfig(AccessLogConfig.Format.OFF, null));
    }

    DatagramFixture(Transport.Kind kind, BackendConfig backend, BackendAddresses.NameLookup names) throws Exception {
        this(kind, backend, names, new AccessLogConfig(AccessLogConfig.Format.OFF, null));
    }

    DatagramFixture(Transport.Kind kind, BackendConfig backend, BackendAddresses.NameLookup names, AccessLogConfig log)
            throws Exception {
        transport = Transport.open(1, kind);
        eventLoop = transport.eventLoops().next();
        accessLog = AccessLog.open(log, InstantSource.fixed(NOW));
        telemetry.listenerKnown("coaps");
        telemetry.backendKnown("lwm2m");
        relay = new DatagramRelay(
                listener(), backend, transport, new Ledger("coaps", "lwm2m", accessLog, telemetry), names);
        session = openSession(device);
    }

    static BackendConfig backend(HostPort... addresses) {
        return backend(BackendConfig.ProxyProtocol.OFF, List.of(), addresses);
    }

    static BackendConfig backend(
            BackendConfig.ProxyProtocol proxyProtocol, List<String> sources, HostPort... addresses) {
        return new BackendConfig(
                "lwm2m",
                List.of(addresses),
                BackendConfig.Transport.UDP,
                proxyProtocol,
                sources.stream().map(InetAddress::ofLiteral).toList(),
                Duration.ofMillis(500));
    }

    private static ListenerConfig listener() {
        return new ListenerConfig(
                "coaps",
                new HostPort("127.0.0.1", 0),
                ListenerConfig.Protocol.DTLS,
                List.of(),
                "lwm2m",
                false,
                List.of(),
                Duration.ofSeconds(10),
                null,
                1000,
                0,
                null,
                DtlsDefaults.DTLS);
    }

    static SessionFacts facts(byte @Nullable [] pskIdentity) {
        return new SessionFacts(
                "coaps",
                new InetSocketAddress("192.0.2.7", 40000),
                new InetSocketAddress("198.51.100.1", 5684),
                "DTLSv1.2",
                "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8",
                "broker.example",
                null,
                "leaf",
                false,
                null,
                pskIdentity,
                null);
    }

    /** Another device's session. */
    DatagramSession openSession(DatagramDevice device) throws Exception {
        return onLoop(() -> relay.open(facts("meter-7".getBytes(UTF_8)), eventLoop, device));
    }

    <T> T onLoop(Callable<T> task) throws Exception {
        if (eventLoop.inEventLoop()) {
            return task.call();
        }
        return eventLoop.submit(task).get(10, TimeUnit.SECONDS);
    }

    /** The device sends datagrams at once, one after another. */
    void send(String... datagrams) throws Exception {
        send(session, datagrams);
    }

    void send(DatagramSession session, String... datagrams) throws Exception {
        onLoop(() -> {
            for (String datagram : datagrams) {
                session.deviceSent(Unpooled.copiedBuffer(datagram, UTF_8));
            }
            session.deviceSentAll();
            return datagrams.length;
        });
    }

    void moveTo(InetSocketAddress source) throws Exception {
        onLoop(() -> {
            session.deviceMoved(source);
            return source;
        });
    }

    void end(SessionEnd why) throws Exception {
        onLoop(() -> {
            session.close(why);
            return why;
        });
    }

    long lastDatagramAt() throws Exception {
        return onLoop(session::lastDatagramAt);
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
        return metric("staplegate_sessions{listener=\"coaps\"}");
    }

    double dropped(String reason) {
        return metric("staplegate_datagrams_dropped_total{listener=\"coaps\",reason=\"" + reason + "\"}");
    }

    double refused() {
        return metric("staplegate_backend_refusals_total{backend=\"lwm2m\"}");
    }

    double failed() {
        return metric("staplegate_backend_failures_total{backend=\"lwm2m\"}");
    }

    @Override
    public void close() throws IOException {
        transport.close();
        accessLog.close();
    }
}
