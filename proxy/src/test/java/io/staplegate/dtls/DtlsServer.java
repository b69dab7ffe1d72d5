package io.staplegate.dtls;

import io.staplegate.config.AccessLogConfig;
import io.staplegate.config.BackendConfig;
import io.staplegate.config.DtlsConfig;
import io.staplegate.config.ListenerConfig;
import io.staplegate.config.SocketAddress;
import io.staplegate.device.Gate;
import io.staplegate.handshake.CryptoProvider;
import io.staplegate.handshake.Handshakes;
import io.staplegate.handshake.KeyLog;
import io.staplegate.handshake.Site;
import io.staplegate.identity.DeviceTrust;
import io.staplegate.identity.PresharedKeys;
import io.staplegate.identity.ServerNames;
import io.staplegate.net.Transport;
import io.staplegate.relay.AccessLog;
import io.staplegate.relay.DatagramRelay;
import io.staplegate.telemetry.DatagramDrop;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A DTLS listener for tests, with knobs, on a free port of the loopback, before a backend that echoes. */
final class DtlsServer implements AutoCloseable {
    final Telemetry telemetry = new Telemetry(InstantSource.system());
    final EchoBackend backend = new EchoBackend();

    private final Site site;
    private final KeyLog keyLog = KeyLog.open(null);
    private final AccessLog accessLog =
            AccessLog.open(new AccessLogConfig(AccessLogConfig.Format.OFF, null), InstantSource.system());
    private Transport.Kind kind = Transport.Kind.best();
    private int loops = 2;
    private String host = "127.0.0.1";
    private int port;
    private Duration handshakeTimeout = Duration.ofSeconds(10);
    private Duration idleTimeout = Duration.ofDays(2);
    private Duration retransmit = Duration.ofSeconds(1);
    private int most = 1000;
    private int mostPerSource;
    private int mostHandshakes = 1000;
    private int mostHandshakesPerSource = 1000;
    private int idLength = 6;
    private @Nullable DeviceTrust trust;
    private @Nullable Gate gate;
    private @Nullable Transport transport;
    private @Nullable DtlsListener listener;

    DtlsServer(Site site) throws IOException {
        this.site = site;
    }

    DtlsServer kind(Transport.Kind other) {
        kind = other;
        return this;
    }

    DtlsServer loops(int count) {
        loops = count;
        return this;
    }

    DtlsServer host(String name) {
        host = name;
        return this;
    }

    DtlsServer port(int number) {
        port = number;
        return this;
    }

    DtlsServer handshakeTimeout(Duration limit) {
        handshakeTimeout = limit;
        return this;
    }

    DtlsServer idleTimeout(Duration limit) {
        idleTimeout = limit;
        return this;
    }

    DtlsServer retransmit(Duration initial) {
        retransmit = initial;
        return this;
    }

    DtlsServer connections(int limit, int perSource) {
        most = limit;
        mostPerSource = perSource;
        return this;
    }

    DtlsServer handshakes(int limit, int perSource) {
        mostHandshakes = limit;
        mostHandshakesPerSource = perSource;
        return this;
    }

    /** Asks devices for certificates, and lets those in whom a gate lets in. */
    DtlsServer authenticating(DeviceTrust devices, Gate judge) {
        trust = devices;
        gate = judge;
        return this;
    }

    DtlsServer idLength(int bytes) {
        idLength = bytes;
        return this;
    }

    DtlsServer open() throws IOException {
        Transport transport = Transport.open(loops, kind);
        this.transport = transport;
        ListenerConfig config = config();
        DatagramRelay relay = new DatagramRelay(config, echo(), transport, accessLog, telemetry);
        listener = DtlsListener.open(config, handshakes(), gate, relay, transport, telemetry);
        listener.serve();
        return this;
    }

    private Handshakes handshakes() {
        ServerNames names = ServerNames.of(List.of(site.identity()), false);
        return Handshakes.overDtls(
                        CryptoProvider.crypto(),
                        List.of(),
                        () -> names,
                        identity -> site.chainStaples(),
                        keyLog,
                        InstantSource.system(),
                        new Handshakes.DtlsTerms(retransmit, false, () -> PresharedKeys.NONE, 100))
                .authenticating(() -> trust);
    }

    private BackendConfig echo() {
        return new BackendConfig(
                "echo",
                List.of(new SocketAddress.HostPort("127.0.0.1", backend.port())),
                BackendConfig.Transport.UDP,
                BackendConfig.ProxyProtocol.OFF,
                List.of(),
                Duration.ofSeconds(1));
    }

    private ListenerConfig config() {
        return new ListenerConfig(
                "test",
                new SocketAddress.HostPort(host, port),
                ListenerConfig.Protocol.DTLS,
                List.of(),
                "echo",
                false,
                List.of(),
                handshakeTimeout,
                idleTimeout,
                most,
                mostPerSource,
                null,
                new DtlsConfig(
                        1232, retransmit, idLength, false, mostHandshakes, mostHandshakesPerSource, false, null, null));
    }

    Site site() {
        return site;
    }

    DtlsListener listener() {
        return Objects.requireNonNull(listener);
    }

    int port() {
        return listener().port();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
    }

    /** How many handshakes have ended in one way. */
    double ended(String outcome, String version) {
        return metric("staplegate_handshakes_total{listener=\"test\",outcome=\"%s\",version=\"%s\"}"
                .formatted(outcome, version));
    }

    /** How many connections were refused for one reason. */
    double refused(String reason) {
        return metric("staplegate_connections_refused_total{listener=\"test\",reason=\"%s\"}".formatted(reason));
    }

    double cookiesSent() {
        return metric("staplegate_cookies_sent_total{listener=\"test\"}");
    }

    double openSessions() {
        return metric("staplegate_sessions{listener=\"test\"}");
    }

    double pending() {
        return metric("staplegate_handshakes_pending{listener=\"test\"}");
    }

    double addressChanges() {
        return metric("staplegate_address_changes_total{listener=\"test\"}");
    }

    double dropped(DatagramDrop why) {
        return metric("staplegate_datagrams_dropped_total{listener=\"test\",reason=\"%s\"}"
                .formatted(why.name().toLowerCase(Locale.ROOT)));
    }

    double droppedForAnyReason() {
        return Stream.of(DatagramDrop.values()).mapToDouble(this::dropped).sum();
    }

    /** The value of a counter or gauge, by the beginning of its line in the exposition. */
    private double metric(String series) {
        return telemetry
                .scrape("text/plain; version=0.0.4")
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no series " + series));
    }

    @Override
    public void close() throws IOException {
        if (transport != null) {
            transport.close();
        }
        accessLog.close();
        keyLog.close();
        backend.close();
    }
}
