package io.staplegate.app;

import static java.util.Objects.requireNonNull;

import io.staplegate.admin.ReloadReport;
import io.staplegate.config.Configuration;
import io.staplegate.config.Problem;
import io.staplegate.identity.FileWatcher;
import io.staplegate.staple.Staples;
import io.staplegate.telemetry.Telemetry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What is in force, which is one volatile reference, and its exchange for what the files say by now: all of it, or
 * nothing. Safe for use by any thread; reloads have one of their own.
 */
final class Reloads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reloads.class);

    /** How long a reload may take to notice that it is over. */
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private final Path file;
    private final Staples staples;
    private final Consumer<Inspection.Accepted> swapped;
    private final Systemd systemd;
    private final InstantSource clock;
    private final Telemetry telemetry;
    private final FileWatcher watcher;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("reload").factory());

    private volatile Inspection.Accepted inForce;

    /** The reload that has been asked for and has not begun; all who ask meanwhile share it. Guarded by this. */
    private @Nullable CompletableFuture<ReloadReport> waiting;

    private boolean begun;
    private boolean stopped;

    /**
     * Nothing is watched yet.
     *
     * @param file what is read
     * @param inspection what it says now
     * @param swapped told what is in force after each exchange
     * @param systemd told of each reload
     * @param watchInterval how often to look whether a file has changed
     */
    Reloads(
            Path file,
            Inspection.Accepted inspection,
            Staples staples,
            Consumer<Inspection.Accepted> swapped,
            Systemd systemd,
            InstantSource clock,
            Telemetry telemetry,
            Duration watchInterval) {
        this.file = file;
        this.inForce = inspection;
        this.staples = staples;
        this.swapped = swapped;
        this.systemd = systemd;
        this.clock = clock;
        this.telemetry = telemetry;
        this.watcher = new FileWatcher(watchInterval, clock, this::changed);
    }

    Inspection.Accepted inForce() {
        return inForce;
    }

    /** Watches what the configuration names; the file itself may yet be completed, until {@link #watch}. */
    void watchNamed() {
        watcher.watch(Inspection.files(inForce.configuration()));
    }

    /** Watches all of it. A change waits for {@link #begin}. */
    void watch() {
        watcher.watch(watched(inForce.configuration()));
    }

    /** Acts upon changes from now on, and upon one that there has been. */
    synchronized void begin() {
        begun = true;
        if (waiting != null && !stopped) {
            thread.execute(this::reloadNow);
        }
    }

    /**
     * Has the file read again, and everything that it names: all of it is in force from then on, or, where anything is
     * wrong, what was in force stays and the log says why.
     *
     * @return done when a reload has ended that began after this call; cancelled where the proxy stops first
     */
    synchronized CompletableFuture<ReloadReport> reload() {
        if (waiting != null) {
            return waiting;
        }
        waiting = new CompletableFuture<>();
        if (stopped) {
            waiting.cancel(false);
        } else if (begun) {
            thread.execute(this::reloadNow);
        }
        return waiting;
    }

    private void changed() {
        var _ = reload(); // the log says what comes of it
    }

    private synchronized CompletableFuture<ReloadReport> take() {
        CompletableFuture<ReloadReport> taken = requireNonNull(waiting, "a reload that nobody asked for");
        waiting = null;
        return taken;
    }

    private void reloadNow() {
        CompletableFuture<ReloadReport> asked = take();
        systemd.reloading();
        try {
            ReloadReport report = report();
            reloaded(report.reloaded());
            asked.complete(report);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stopped
            asked.cancel(false);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("reload broke off; what was in force stays");
            reloaded(false);
            asked.completeExceptionally(e);
        }
    }

    private void reloaded(boolean accepted) {
        telemetry.reloaded(accepted);
        systemd.reloaded(accepted);
    }

    private ReloadReport report() throws InterruptedException {
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
    private ReloadReport swap(Inspection.Accepted other) throws InterruptedException {
        other.problems().forEach(Reloads::log);
        if (!staples.retarget(other.identities())) {
            LOG.atError()
                    .addKeyValue("file", file)
                    .log("a new certificate lacks the staple that it must have: not reloaded, tried again");
            CompletableFuture.delayedExecutor(1, TimeUnit.MINUTES).execute(this::changed);
            return refused(
                    other,
                    "a new certificate lacks the staple that it must have",
                    "it is tried again in a minute; see its responder with staplegate staples");
        }
        inForce = other;
        watch();
        try {
            swapped.accept(other);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).addKeyValue("file", file).log("reloaded, but for the mirror; reload again");
            return refused(other, "reloaded, but for the mirror", "reload again; the log has the cause");
        }
        LOG.atInfo().addKeyValue("file", file).log("reloaded");
        return ReloadReport.of(true, other.problems());
    }

    private static ReloadReport refused(Inspection.Accepted other, String message, String hint) {
        List<Problem> problems = new ArrayList<>(other.problems());
        problems.add(Problem.error("", message, hint));
        return ReloadReport.of(false, problems);
    }

    /** What a file that may yet be refused names is watched before it is read: its repair is a change too. */
    private void watchToo(Set<Path> named) {
        Set<Path> files = watched(inForce.configuration());
        files.addAll(named);
        watcher.watch(files);
    }

    private Set<Path> watched(Configuration configuration) {
        Set<Path> files = new HashSet<>(Inspection.files(configuration));
        files.add(file);
        return files;
    }

    private ReloadReport keepInForce(List<Problem> problems) {
        problems.forEach(Reloads::log);
        LOG.atError().addKeyValue("file", file).log("not reloaded; what was in force stays");
        return ReloadReport.of(false, problems);
    }

    private static void log(Problem problem) {
        LOG.atLevel(problem.isError() ? Level.ERROR : Level.WARN)
                .addKeyValue("key", problem.path())
                .addKeyValue("problem", problem.message())
                .log("configuration problem");
    }

    /** Begins no more of them, and breaks off the one that runs. */
    synchronized void stop() {
        stopped = true;
        watcher.close();
        thread.shutdownNow();
        if (waiting != null) {
            waiting.cancel(false);
        }
    }

    /** Waits for the one that runs. */
    @Override
    public void close() {
        stop();
        try {
            var _ = thread.awaitTermination(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
