package io.staplegate.app;

import io.staplegate.net.NotificationSocket;
import io.staplegate.net.Transport;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service manager that started this process, spoken to by sd_notify(3): told when the proxy serves, reloads and
 * stops, and that it is alive for as long as every event loop answers. Without {@code NOTIFY_SOCKET} nothing is said.
 * Safe for use by any thread.
 */
final class Systemd implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Systemd.class);

    private final @Nullable String address;
    private final @Nullable Duration watchdog;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("watchdog").factory());

    private volatile @Nullable NotificationSocket socket;
    private volatile String status = "";
    /** What the last beat sent through the event loops. Owned by the thread, like the next. */
    private CompletableFuture<Void> round = CompletableFuture.completedFuture(null);

    private boolean stuck;

    /** A manager that is not spoken to yet; {@code environment}: of the process. */
    Systemd(Map<String, String> environment) {
        this.address = environment.get("NOTIFY_SOCKET");
        this.watchdog = watchdog(environment);
    }

    /** How long the manager may hear nothing; null where it does not care. */
    private static @Nullable Duration watchdog(Map<String, String> environment) {
        String self = String.valueOf(ProcessHandle.current().pid());
        if (!environment.getOrDefault("WATCHDOG_PID", self).equals(self)) {
            return null;
        }
        try {
            long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
            return micros < 2 ? null : Duration.of(micros, ChronoUnit.MICROS);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Speaks to the manager from now on; the start may take so long. */
    void starting(Transport transport, Duration patience) {
        if (address == null) {
            return;
        }
        try {
            socket = NotificationSocket.open(transport, address);
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("cause", e.getMessage()).log("NOTIFY_SOCKET: the service manager cannot be told");
        }
        say("STATUS=waiting for the first staples", extension(patience));
        if (watchdog != null) {
            long pace = watchdog.dividedBy(2).toNanos();
            var _ = thread.scheduleWithFixedDelay(() -> beat(transport), 0, pace, TimeUnit.NANOSECONDS);
        }
    }

    /** Devices are served; {@code ports}: by name, for people. */
    void serving(Map<String, Integer> ports) {
        status =
                ports.entrySet().stream().map(Object::toString).collect(Collectors.joining(" ", "STATUS=serving ", ""));
        say("READY=1", status);
    }

    /** The files are read again. */
    void reloading() {
        // On Linux, the JVM's clock of nanoseconds is CLOCK_MONOTONIC, which the manager wants to know.
        say("RELOADING=1", "MONOTONIC_USEC=" + System.nanoTime() / 1_000, "STATUS=reloading");
    }

    /** They have been read. {@code accepted}: they are in force; else what was in force stays. */
    void reloaded(boolean accepted) {
        say("READY=1", accepted ? status : status + "; the last reload was refused, the log says why");
    }

    /** The end has begun; it may take so long. */
    void stopping(Duration patience) {
        say("STOPPING=1", "STATUS=draining", extension(patience));
    }

    private static String extension(Duration patience) {
        return "EXTEND_TIMEOUT_USEC=" + patience.toNanos() / 1_000;
    }

    /** A beat is due; there is none while an event loop has not come back from the last one. */
    private void beat(Transport transport) {
        if (round.isDone()) {
            stuck = false;
            round = transport.roundTrip().thenRun(() -> say("WATCHDOG=1"));
        } else if (!stuck) {
            stuck = true;
            LOG.atWarn().log("an event loop is stuck: the service manager is not told that this process lives");
        }
    }

    private void say(String... lines) {
        NotificationSocket open = socket;
        if (open != null) {
            open.send(String.join("\n", lines));
        }
    }

    /** Says nothing more. */
    @Override
    public void close() {
        thread.shutdownNow();
        NotificationSocket open = socket;
        if (open != null) {
            open.close();
        }
    }
}
