package io.staplegate.app;

import io.staplegate.admin.AdminServer;
import io.staplegate.admin.Desk;
import io.staplegate.admin.ReloadReport;
import io.staplegate.config.BackendConfig;
import io.staplegate.config.Configuration;
import io.staplegate.config.ListenerConfig;
import io.staplegate.config.MirrorConfig;
import io.staplegate.device.DeviceChecks;
import io.staplegate.device.Gate;
import io.staplegate.dtls.DtlsListener;
import io.staplegate.fetch.ClockGuard;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.handshake.CryptoProvider;
import io.staplegate.handshake.Handshakes;
import io.staplegate.handshake.Handshakes.DtlsTerms;
import io.staplegate.handshake.KeyLog;
import io.staplegate.identity.IdentityTable;
import io.staplegate.net.Transport;
import io.staplegate.relay.AccessLog;
import io.staplegate.relay.DatagramRelay;
import io.staplegate.relay.Relay;
import io.staplegate.relay.SessionBook;
import io.staplegate.staple.Staples;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.tls.TlsListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxy: wires every room. One thread makes, starts and closes it; {@link #reload} may be called by any. The
 * listeners ask for what is in force at each ClientHello.
 */
final class Proxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Proxy.class);

    /** How long a close_notify may take to leave. */
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    /** What a crash may take of the sessions that could be resumed. */
    private static final Duration SESSIONS_KEPT = Duration.ofMinutes(1);

    /** What start and stop may take beyond the times that are configured. */
    private static final Duration SLACK = Duration.ofSeconds(60);

    private final ClockGuard clock;
    private final Telemetry telemetry;
    private final Listeners listeners = new Listeners();
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    /** To be closed, last first. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private final ResponderClient client;
    private final Staples staples;
    private final DeviceChecks devices;
    private final SessionKeeper sessions;
    private final Systemd systemd = new Systemd(System.getenv());
    private final SessionBook book;
    private final Reloads reloads;
    private volatile @Nullable Mirror mirror;
    private volatile boolean serving;

    /**
     * A proxy that does not run yet.
     *
     * @param file what {@link #reload} reads
     * @param inspection what that file says now
     * @param watchInterval how often to look whether a file has changed
     */
    Proxy(Path file, Inspection.Accepted inspection, InstantSource clock, Telemetry telemetry, Duration watchInterval) {
        Configuration configuration = inspection.configuration();
        this.clock = new ClockGuard(clock, configuration.ocsp().clockSkew(), telemetry);
        this.telemetry = telemetry;
        this.book = new SessionBook(this.clock);
        this.client = keep(new ResponderClient(configuration.ocsp(), this.clock, telemetry));
        this.staples = keep(new Staples(configuration, client, this.clock, telemetry));
        // The times of files are the system's, right or wrong.
        this.reloads =
                keep(new Reloads(file, inspection, staples, this::swapped, systemd, clock, telemetry, watchInterval));
        this.devices = keep(new DeviceChecks(configuration, client, this.clock, telemetry));
        this.sessions = keep(new SessionKeeper(configuration.state().directory(), SESSIONS_KEPT, telemetry));
    }

    /**
     * Opens every port and file. Nobody is served yet: devices that come wait in the kernel's queue.
     *
     * @throws StartFailure where the configuration is right and the machine is not: a port in use, say
     */
    void bind() throws StartFailure {
        Configuration configuration = reloads.inForce().configuration();
        reloads.watchNamed();
        AccessLog accessLog = keep(at("accessLog.file", () -> AccessLog.open(configuration.accessLog(), clock)));
        KeyLog keyLog = keep(at("SSLKEYLOGFILE", () -> KeyLog.open(System.getenv("SSLKEYLOGFILE"))));
        Transport transport = keep(Transport.open(0));
        telemetry.observeEventLoops(transport.eventLoops());
        telemetry.readiness(this::ready);
        keep(systemd).starting(transport, configuration.ocsp().startTimeout().plus(SLACK));
        AdminServer admin = keep(at(
                "admin.bind",
                () -> AdminServer.open(
                        configuration.admin().bind(),
                        () -> reloads.inForce().adminAccess(),
                        Desk.of(staples, devices::devices, book, reloads::reload, this::ready, telemetry, clock),
                        transport)));
        for (int i = 0; i < configuration.listeners().size(); i++) {
            open("listeners[" + i + "]", configuration.listeners().get(i), transport, keyLog, accessLog);
        }
        ports.putAll(listeners.ports());
        admin.port().ifPresent(port -> ports.put("admin", port));
        if (configuration.mirror() != null) {
            MirrorConfig config = configuration.mirror();
            Mirror opened = keep(at(
                    "mirror.bind",
                    () -> Mirror.open(config, configuration, staples, client, clock, transport, telemetry)));
            ports.put("mirror", opened.port());
            mirror = opened;
        }
    }

    private void open(String path, ListenerConfig listener, Transport transport, KeyLog keyLog, AccessLog accessLog)
            throws StartFailure {
        String bind = path + ".bind";
        BackendConfig backend = backend(listener);
        telemetry.backendKnown(backend.name());
        Gate gate = listener.clientAuth() == null ? null : devices.gate(listener.name(), listener.clientAuth());
        switch (listener.protocol()) {
            case TLS -> {
                Handshakes handshakes = handshakes(listener, keyLog);
                Relay relay = new Relay(listener, backend, transport, accessLog, telemetry);
                book.add(relay.sessions());
                listeners.add(at(
                        bind,
                        () -> TlsListener.open(listener, handshakes, relay::newSession, gate, transport, telemetry)));
            }
            case DTLS -> {
                Handshakes handshakes = handshakesOverDtls(listener, keyLog);
                DatagramRelay relay = new DatagramRelay(listener, backend, transport, accessLog, telemetry);
                book.add(relay.sessions());
                listeners.add(
                        at(bind, () -> DtlsListener.open(listener, handshakes, gate, relay, transport, telemetry)));
                var _ = at(path + ".dtls.sessionKey", () -> sessions.takeUp(listener, handshakes));
            }
        }
    }

    /** Serves, when there has been time for the first staples. The ports are bound. */
    void serve() throws InterruptedException {
        reloads.watch();
        IdentityTable table = reloads.inForce().identities();
        CompletableFuture<Void> lists = devices.start(table.deviceAuthorities());
        staples.start(table);
        lists.join();
        sessions.start();
        listeners.serve();
        answerFor(reloads.inForce()); // reads revocation lists from disk: no handshake waits for that
        if (mirror != null) {
            mirror.serve();
        }
        serving = true;
        systemd.serving(ports);
        reloads.begin();
        LOG.atInfo().addKeyValue("ports", ports).log("serving");
    }

    /** Something else is in force from now on. */
    private void swapped(Inspection.Accepted inForce) {
        LogOutput.apply(inForce.configuration().log());
        devices.trust(inForce.identities().deviceAuthorities());
        answerFor(inForce);
    }

    private void answerFor(Inspection.Accepted inForce) {
        Mirror answering = mirror;
        if (answering != null) {
            answering.answerFor(inForce);
        }
    }

    /** The ports of the first listener of each kind, of admin endpoint and mirror, as the ready line names them. */
    Map<String, Integer> ports() {
        return ports;
    }

    /** Whether traffic should come here: everything is bound, and every {@code must} identity has its staple. */
    private boolean ready() {
        return serving && staples.ready();
    }

    /** Has what is in force exchanged for what the files say by now, or not; see {@link Reloads#reload}. */
    void reload() {
        var _ = beginReload(); // the log says what comes of it
    }

    /** The same; done when that has ended. */
    CompletableFuture<ReloadReport> beginReload() {
        return reloads.reload();
    }

    /**
     * Stops: no longer ready, no new devices, as long for the TLS connections that are open as
     * {@code shutdown.drainTimeout} says, then a close_notify for each device. An interrupt ends the wait.
     */
    @Override
    public void close() {
        serving = false;
        systemd.stopping(
                reloads.inForce().configuration().shutdown().drainTimeout().plus(SLACK));
        reloads.stop();
        listeners.stopAccepting();
        try {
            drain();
            listeners.shutdown(GOODBYE);
        } catch (InterruptedException e) {
            LOG.atWarn().addKeyValue("connections", listeners.connections()).log("stop cut short");
        }
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.atError().setCause(e).log("unclean stop");
            }
        }
    }

    private void drain() {
        if (listeners.connections() == 0) {
            return;
        }
        Duration timeout = reloads.inForce().configuration().shutdown().drainTimeout();
        LOG.atInfo()
                .addKeyValue("connections", listeners.connections())
                .addKeyValue("timeout", timeout)
                .log("draining");
        try {
            listeners.awaitIdle(timeout);
        } catch (InterruptedException e) {
            LOG.atWarn().addKeyValue("connections", listeners.connections()).log("drain cut short");
        }
    }

    private Handshakes handshakes(ListenerConfig listener, KeyLog keyLog) {
        return authenticating(
                listener,
                new Handshakes(
                        CryptoProvider.crypto(),
                        listener.alpn(),
                        () -> reloads.inForce().identities().names(listener.name()),
                        staples::current,
                        keyLog,
                        clock));
    }

    private Handshakes handshakesOverDtls(ListenerConfig listener, KeyLog keyLog) {
        DtlsTerms terms = new DtlsTerms(
                listener.dtls().retransmit(),
                listener.dtls().rsa(),
                () -> reloads.inForce().identities().presharedKeys(listener.name()),
                listener.maxConnections());
        return authenticating(
                listener,
                Handshakes.overDtls(
                        CryptoProvider.crypto(),
                        listener.alpn(),
                        () -> reloads.inForce().identities().names(listener.name()),
                        staples::current,
                        keyLog,
                        clock,
                        terms));
    }

    private Handshakes authenticating(ListenerConfig listener, Handshakes handshakes) {
        Handshakes authenticating =
                handshakes.authenticating(() -> reloads.inForce().identities().deviceTrust(listener.name()));
        devices.onExpulsion(authenticating::forgetSessions);
        return authenticating;
    }

    private BackendConfig backend(ListenerConfig listener) {
        return reloads.inForce().configuration().backends().stream()
                .filter(backend -> backend.name().equals(listener.backend()))
                .findFirst()
                .orElseThrow();
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.push(resource);
        return resource;
    }

    /** Opens something that the configuration names, and tells a failure with the key that names it. */
    private static <T> T at(String path, Opening<T> opening) throws StartFailure {
        try {
            return opening.open();
        } catch (IOException e) {
            throw new StartFailure(path, e);
        }
    }

    /** Opens a port or a file. */
    private interface Opening<T> {
        T open() throws IOException;
    }
}
