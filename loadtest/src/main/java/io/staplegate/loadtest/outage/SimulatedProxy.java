package io.staplegate.loadtest.outage;

import io.staplegate.config.Configuration;
import io.staplegate.config.ConfigurationFile;
import io.staplegate.config.ListenerConfig;
import io.staplegate.demo.TcpBackend;
import io.staplegate.device.Crls;
import io.staplegate.fetch.ClockGuard;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.handshake.CryptoProvider;
import io.staplegate.handshake.Handshakes;
import io.staplegate.handshake.KeyLog;
import io.staplegate.identity.Identity;
import io.staplegate.identity.IdentityTable;
import io.staplegate.loadtest.site.Sites;
import io.staplegate.net.Transport;
import io.staplegate.relay.AccessLog;
import io.staplegate.relay.Relay;
import io.staplegate.staple.ChainStaples;
import io.staplegate.staple.Staples;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.tls.TlsListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The proxy in this process with another clock: its staple room, and a TLS listener with all of its identities. */
public final class SimulatedProxy implements AutoCloseable {
    /** So often does the refresher look at the clock. */
    private static final Duration PACE = Duration.ofMillis(1);

    private final Telemetry telemetry;
    private final IdentityTable table;
    private final Staples staples;
    private final TlsListener listener;
    private final Crls crls;
    private final Configuration configuration;

    /** To be closed, last first. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /**
     * Loads everything, and binds the port.
     *
     * @param sites what it serves
     * @param ocsp the keys of the section {@code ocsp}, in YAML's flow style
     */
    public SimulatedProxy(Sites sites, String ocsp, InstantSource clock) throws IOException {
        TcpBackend backend = keep(TcpBackend.start(0));
        Path file = sites.folder().resolve("staplegate.yaml");
        Files.writeString(
                file, sites.configuration() + """
                backends: [{ name: echo, address: "127.0.0.1:%d" }]
                ocsp: { %s }
                state: { directory: state }
                """.formatted(backend.address().getPort(), ocsp));
        ConfigurationFile.Reading reading = ConfigurationFile.read(file, Map.of());
        configuration = Objects.requireNonNull(
                reading.configuration(), () -> reading.problems().toString());
        IdentityTable.Loading loading = IdentityTable.load(configuration, clock.instant());
        table = Objects.requireNonNull(loading.table(), () -> loading.problems().toString());
        telemetry = new Telemetry(clock);
        ClockGuard guard = new ClockGuard(clock, configuration.ocsp().clockSkew(), telemetry);
        ResponderClient client = keep(new ResponderClient(configuration.ocsp(), guard, telemetry));
        staples = keep(new Staples(configuration, client, guard, telemetry, PACE, Duration.ZERO));
        crls = keep(new Crls(configuration, client, guard, telemetry));
        Transport transport = keep(Transport.open(1));
        listener = listener(clock, transport);
    }

    private TlsListener listener(InstantSource clock, Transport transport) throws IOException {
        ListenerConfig config = configuration.listeners().getFirst();
        AccessLog accessLog = keep(AccessLog.open(configuration.accessLog(), clock));
        Handshakes handshakes = new Handshakes(
                CryptoProvider.crypto(),
                List.of(),
                () -> table.names(config.name()),
                staples::current,
                keep(KeyLog.open(null)),
                clock);
        Relay relay = new Relay(config, configuration.backends().getFirst(), transport, accessLog, telemetry);
        return TlsListener.open(config, handshakes, relay::newSession, null, transport, telemetry);
    }

    /** Serves. The first staples are still to come. */
    public void serve() throws InterruptedException {
        staples.start(table);
        listener.serve();
    }

    /** Of the listener. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port());
    }

    List<Identity> identities() {
        return table.identities();
    }

    /** What the next handshake for an identity carries. */
    ChainStaples current(Identity identity) {
        return staples.current(identity);
    }

    /** What devices' certificates are checked against. */
    public Crls revocationLists() {
        return crls;
    }

    /** A staple is withdrawn so long before its nextUpdate. */
    Duration leeway() {
        return configuration.ocsp().leeway();
    }

    @Override
    public void close() {
        listener.stopAccepting();
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a part of the proxy does not close", e);
            }
        }
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.push(resource);
        return resource;
    }
}
