package io.staplegate.identity;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when the content of some files has changed, however it was changed: in place, by renaming, or by moving a
 * symbolic link as Kubernetes does. It polls, because no file system event tells all of these. A change counts once
 * two polls in a row have seen the same new content, so that a certificate is not read without its key.
 */
public final class FileWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileWatcher.class);

    private final InstantSource clock;
    private final Runnable changed;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("file-watcher").factory());

    private final Map<Path, WatchedFile> files = new HashMap<>();
    private Map<Path, String> reported = new HashMap<>();
    private @Nullable Map<Path, String> unsettled;

    /**
     * Starts to poll.
     *
     * @param interval between two polls
     * @param changed what to do about a change; runs on the watcher's thread
     */
    public FileWatcher(Duration interval, InstantSource clock, Runnable changed) {
        this.clock = clock;
        this.changed = changed;
        var _ = thread.scheduleWithFixedDelay(
                this::pollSafely, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Watches these files from now on, and no others. What is already watched is compared with the content last
     * reported, so that calling this before the files are read misses nothing.
     */
    public synchronized void watch(Set<Path> paths) {
        files.keySet().retainAll(paths);
        reported.keySet().retainAll(paths);
        unsettled = null;
        for (Path path : paths) {
            if (!files.containsKey(path)) {
                WatchedFile file = new WatchedFile(path);
                files.put(path, file);
                reported.put(path, file.digest(clock.instant()));
            }
        }
    }

    /** Takes what the files hold now for known: they are about to be read for another reason than a change. */
    public synchronized void catchUp() {
        reported = digests();
        unsettled = null;
    }

    /** Looks once. Returns whether a change was reported. */
    boolean poll() {
        if (!hasSettledChange()) {
            return false;
        }
        // Outside the lock: who reloads for another reason holds a lock of its own when it calls watch.
        changed.run();
        return true;
    }

    private synchronized boolean hasSettledChange() {
        Map<Path, String> current = digests();
        if (current.equals(reported)) {
            unsettled = null;
            return false;
        }
        if (!current.equals(unsettled)) {
            unsettled = current;
            return false;
        }
        reported = current;
        unsettled = null;
        return true;
    }

    private Map<Path, String> digests() {
        Map<Path, String> digests = HashMap.newHashMap(files.size());
        files.forEach((path, file) -> digests.put(path, file.digest(clock.instant())));
        return digests;
    }

    private void pollSafely() {
        try {
            poll();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a change of files could not be acted upon");
        }
    }

    /** Stops to poll; does not wait for a change that is being acted upon. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
