package io.staplegate.app;

import io.staplegate.config.Configuration;
import io.staplegate.config.Problem;
import io.staplegate.identity.FileWatcher;
import io.staplegate.identity.IdentityTable;
import io.staplegate.staple.Staples;
import io.staplegate.telemetry.Telemetry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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

    /** At most one reload waits behind the one that runs: it will see whatever has changed by then. */
    private final ExecutorService thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(1),
            Thread.ofPlatform().daemon().name("reload").factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    private volatile Inspection.Accepted inForce;
    private volatile boolean begun;
    /** Something changed before reloads had begun. */
    private volatile boolean missed;

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
        this.watcher = new FileWatcher(watchInterval, clock, this::reload);
    }

    Inspection.Accepted inForce() {
        return inForce;
    }

    /** Watches what the configuration names; the file itself may yet be completed, until {@link #watch}. */
    void watchNamed() {
        watcher.watch(IdentityTable.files(inForce.configuration()));
    }

    /** Watches all of it. A change waits for {@link #begin}. */
    void watch() {
        watcher.watch(watched(inForce.configuration()));
    }

    /** Acts upon changes from now on, and upon one that there has been. */
    void begin() {
        begun = true;
        if (missed) {
            reload();
        }
    }

    /**
     * Has the file read again, and everything that it names: all of it is in force from then on, or, where anything is
     * wrong, what was in force stays and the log says why.
     */
    void reload() {
        thread.execute(this::reloadNow);
    }

    private void reloadNow() {
        missed = true;
        if (!begun) {
            return;
        }
        missed = false;
        systemd.reloading();
        try {
            reloaded(isReloaded());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stopped
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("reload broke off; what was in force stays");
            reloaded(false);
        }
    }

    private void reloaded(boolean accepted) {
        telemetry.reloaded(accepted);
        systemd.reloaded(accepted);
    }

    private boolean isReloaded() throws InterruptedException {
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
    private boolean swap(Inspection.Accepted other) throws InterruptedException {
        other.problems().forEach(Reloads::log);
        if (!staples.retarget(other.identities())) {
            LOG.atError()
                    .addKeyValue("file", file)
                    .log("a new certificate lacks the staple that it must have: not reloaded, tried again");
            CompletableFuture.delayedExecutor(1, TimeUnit.MINUTES).execute(this::reload);
            return false;
        }
        inForce = other;
        watch();
        try {
            swapped.accept(other);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).addKeyValue("file", file).log("reloaded, but for the mirror; reload again");
            return false;
        }
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
        problems.forEach(Reloads::log);
        LOG.atError().addKeyValue("file", file).log("not reloaded; what was in force stays");
        return false;
    }

    private static void log(Problem problem) {
        LOG.atLevel(problem.isError() ? Level.ERROR : Level.WARN)
                .addKeyValue("key", problem.path())
                .log(problem.message());
    }

    /** Begins no more of them, and breaks off the one that runs. */
    void stop() {
        watcher.close();
        thread.shutdownNow();
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
