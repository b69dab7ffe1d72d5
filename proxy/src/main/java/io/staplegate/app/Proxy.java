package io.staplegate.app;

import io.staplegate.admin.AdminServer;
import io.staplegate.config.BackendConfig;
import io.staplegate.config.Configuration;
import io.staplegate.config.ListenerConfig;
import io.staplegate.config.Problem;
import io.staplegate.dtls.DtlsListener;
import io.staplegate.handshake.CryptoProvider;
import io.staplegate.handshake.Handshakes;
import io.staplegate.handshake.Handshakes.DtlsTerms;
import io.staplegate.handshake.KeyLog;
import io.staplegate.identity.FileWatcher;
import io.staplegate.identity.IdentityTable;
import io.staplegate.net.Transport;
import io.staplegate.relay.AccessLog;
import io.staplegate.relay.DatagramRelay;
import io.staplegate.relay.Relay;
import io.staplegate.staple.Staples;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.tls.TlsListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The proxy: wires every room. One thread makes, starts and closes it; {@link #reload} may be called by any.
 *
 * <p>What is in force is one volatile reference, which the listeners ask at each ClientHello.
 */
final class Proxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Proxy.class);

    /** How long a close_notify may take to leave, and a reload to notice that it is over. */
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    /** What a crash may take of the sessions that could be resumed. */
    private static final Duration SESSIONS_KEPT = Duration.ofMinutes(1);

    private final Path file;
    private final InstantSource clock;
    private final Telemetry telemetry;
    private final Listeners listeners = new Listeners();
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    /** To be closed, last first. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** At most one reload waits behind the one that runs: it will see whatever has changed by then. */
    private final ExecutorService reloads = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(1),
            Thread.ofPlatform().daemon().name("reload").factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    private final Staples staples;
    private final SessionKeeper sessions;
    private final FileWatcher watcher;
    private volatile Inspection.Accepted inForce;
    private volatile boolean serving;
    /** What is in force has its staples, while those of what may follow are awaited. */
    private volatile boolean readyWhileSwapping;
    /** Something changed before there was anything to reload. */
    private volatile boolean missed;

    /**
     * A proxy that does not run yet.
     *
     * @param file what {@link #reload} reads
     * @param inspection what that file says now
     * @param watchInterval how often to look whether a file has changed
     */
    Proxy(Path file, Inspection.Accepted inspection, InstantSource clock, Telemetry telemetry, Duration watchInterval) {
        this.file = file;
        this.clock = clock;
        this.telemetry = telemetry;
        this.inForce = inspection;
        this.watcher = keep(new FileWatcher(watchInterval, clock, this::reload));
        this.staples = keep(new Staples(inspection.configuration(), clock, telemetry));
        this.sessions =
                keep(new SessionKeeper(inspection.configuration().state().directory(), SESSIONS_KEPT, telemetry));
    }

    /**
     * Opens every port and file. Nobody is served yet: devices that come wait in the kernel's queue.
     *
     * @throws StartFailure where the configuration is right and the machine is not: a port in use, say
     */
    void bind() throws StartFailure {
        Configuration configuration = inForce.configuration();
        watcher.watch(IdentityTable.files(configuration));
        AccessLog accessLog = keep(at("accessLog.file", () -> AccessLog.open(configuration.accessLog(), clock)));
        KeyLog keyLog = keep(at("SSLKEYLOGFILE", () -> KeyLog.open(System.getenv("SSLKEYLOGFILE"))));
        Transport transport = keep(Transport.open(0));
        AdminServer admin = keep(at(
                "admin.bind",
                () -> AdminServer.open(configuration.admin().bind(), staples, this::ready, transport, telemetry)));
        for (int i = 0; i < configuration.listeners().size(); i++) {
            open("listeners[" + i + "]", configuration.listeners().get(i), transport, keyLog, accessLog);
        }
        ports.putAll(listeners.ports());
        ports.put("admin", admin.port());
    }

    private void open(String path, ListenerConfig listener, Transport transport, KeyLog keyLog, AccessLog accessLog)
            throws StartFailure {
        String bind = path + ".bind";
        BackendConfig backend = backend(listener);
        switch (listener.protocol()) {
            case TLS -> {
                Handshakes handshakes = handshakes(listener, keyLog);
                Relay relay = new Relay(listener, backend, transport, accessLog, telemetry);
                listeners.add(at(
                        bind, () -> TlsListener.open(listener, handshakes, relay::newSession, transport, telemetry)));
            }
            case DTLS -> {
                Handshakes handshakes = handshakesOverDtls(listener, keyLog);
                DatagramRelay relay = new DatagramRelay(listener, backend, transport, accessLog, telemetry);
                listeners.add(at(bind, () -> DtlsListener.open(listener, handshakes, relay, transport, telemetry)));
                var _ = at(path + ".dtls.sessionKey", () -> sessions.takeUp(listener, handshakes));
            }
        }
    }

    /** Serves, when there has been time for the first staples. The ports are bound. */
    void serve() throws InterruptedException {
        watcher.watch(watched(inForce.configuration()));
        staples.start(inForce.identities());
        sessions.start();
        listeners.serve();
        serving = true;
        if (missed) {
            reload();
        }
        LOG.atInfo().addKeyValue("ports", ports).log("serving");
    }

    /** The port of the first listener of each kind, and of the admin endpoint, by its name in the ready line. */
    Map<String, Integer> ports() {
        return ports;
    }

    /** Whether traffic should come here: everything is bound, and every {@code must} identity has its staple. */
    private boolean ready() {
        return serving && (readyWhileSwapping || staples.ready());
    }

    /**
     * Has the file read again, and everything that it names, on a thread of its own: all of it is served from then on,
     * or, where anything is wrong, what is in force stays and the log says why.
     */
    void reload() {
        reloads.execute(this::reloadNow);
    }

    private void reloadNow() {
        missed = true;
        if (!serving) {
            return;
        }
        missed = false;
        try {
            telemetry.reloaded(isReloaded());
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("reload broke off; what was in force stays");
            telemetry.reloaded(false);
        }
    }

    private boolean isReloaded() {
        watcher.catchUp();
        return switch (Inspection.of(file, System.getenv(), clock.instant(), this::watchToo)) {
            case Inspection.Refused refused -> keepInForce(refused.problems());
            case Inspection.Accepted other -> {
                List<Problem> frozen = FrozenKeys.changed(inForce.configuration(), other.configuration());
                yield frozen.isEmpty() ? swap(other) : keepInForce(frozen);
            }
        };
    }

    /**
     * Staples first, so that the first handshake with a new certificate has its staple. Where a {@code must} identity
     * would lose its staple by the swap, nothing is swapped, and all is tried again later.
     */
    private boolean swap(Inspection.Accepted other) {
        other.problems().forEach(Proxy::log);
        readyWhileSwapping = staples.ready();
        try {
            staples.retarget(other.identities());
            if (readyWhileSwapping && !staples.ready()) {
                staples.retarget(inForce.identities());
                LOG.atError()
                        .addKeyValue("file", file)
                        .log("a new certificate lacks the staple that it must have: not reloaded, tried again");
                CompletableFuture.delayedExecutor(1, TimeUnit.MINUTES).execute(this::reload);
                return false;
            }
            inForce = other;
        } finally {
            readyWhileSwapping = false;
        }
        watcher.watch(watched(other.configuration()));
        LOG.atInfo().addKeyValue("file", file).log("reloaded");
        return true;
    }

    /** What a file that may yet be refused names is watched before it is read: its repair is a change too. */
    private void watchToo(Set<Path> named) {
        Set<Path> files = watched(inForce.configuration());
        files.addAll(named);
        watcher.watch(files);
    }

    private Set<Path> watched(Configuration configuration) {
        Set<Path> files = new HashSet<>(IdentityTable.files(configuration));
        files.add(file);
        return files;
    }

    private boolean keepInForce(List<Problem> problems) {
        problems.forEach(Proxy::log);
        LOG.atError().addKeyValue("file", file).log("not reloaded; what was in force stays");
        return false;
    }

    private static void log(Problem problem) {
        LOG.atLevel(problem.isError() ? Level.ERROR : Level.WARN)
                .addKeyValue("key", problem.path())
                .log(problem.message());
    }

    /**
     * Stops: no longer ready, no new devices, as long for the TLS connections that are open as
     * {@code shutdown.drainTimeout} says, then a close_notify for each device. An interrupt ends the wait.
     */
    @Override
    public void close() {
        serving = false;
        reloads.shutdownNow();
        listeners.stopAccepting();
        try {
            drain();
            listeners.shutdown(GOODBYE);
            var _ = reloads.awaitTermination(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
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
        Duration timeout = inForce.configuration().shutdown().drainTimeout();
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
        return new Handshakes(
                CryptoProvider.crypto(),
                listener.alpn(),
                () -> inForce.identities().names(listener.name()),
                staples::current,
                keyLog,
                clock);
    }

    private Handshakes handshakesOverDtls(ListenerConfig listener, KeyLog keyLog) {
        DtlsTerms terms = new DtlsTerms(
                listener.dtls().retransmit(),
                listener.dtls().rsa(),
                () -> inForce.identities().presharedKeys(listener.name()),
                listener.maxConnections());
        return Handshakes.overDtls(
                CryptoProvider.crypto(),
                listener.alpn(),
                () -> inForce.identities().names(listener.name()),
                staples::current,
                keyLog,
                clock,
                terms);
    }

    private BackendConfig backend(ListenerConfig listener) {
        return inForce.configuration().backends().stream()
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
