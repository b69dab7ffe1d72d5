package io.staplegate.device;

import io.staplegate.config.FileReference;
import io.staplegate.config.Problem;
import io.staplegate.identity.DenyList;
import io.staplegate.identity.FileWatcher;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The deny list that is in force: what its file says, or said last when it was right. */
final class WatchedDenyList implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedDenyList.class);

    /** Two looks and a reading: a device is out within a second of the write. */
    private static final Duration INTERVAL = Duration.ofMillis(250);

    private final @Nullable FileReference file;
    private final @Nullable FileWatcher watcher;
    private final Runnable changed;
    private volatile DenyList list = DenyList.NONE;

    /**
     * Reads and watches a file; null: there is none.
     *
     * @param changed told when another list is in force, on the watcher's thread
     */
    WatchedDenyList(@Nullable FileReference file, InstantSource clock, Runnable changed) {
        this.file = file;
        this.changed = changed;
        if (file == null) {
            watcher = null;
            return;
        }
        watcher = new FileWatcher(INTERVAL, clock, this::reload);
        watcher.watch(Set.of(file.path())); // first: a change while it is read is none that is missed
        read(file);
    }

    DenyList list() {
        return list;
    }

    @Override
    public void close() {
        if (watcher != null) {
            watcher.close();
        }
    }

    private void reload() {
        if (file != null && read(file)) {
            LOG.atInfo()
                    .addKeyValue("file", file.written())
                    .addKeyValue("entries", list.size())
                    .log("deny list reloaded");
            changed.run();
        }
    }

    private boolean read(FileReference source) {
        DenyList.Reading reading = DenyList.read(source);
        for (Problem problem : reading.problems()) {
            LOG.atLevel(problem.isError() ? Level.ERROR : Level.WARN)
                    .addKeyValue("key", problem.path())
                    .addKeyValue("problem", problem.message())
                    .log("deny list problem");
        }
        if (reading.list() == null) {
            LOG.atError()
                    .addKeyValue("file", source.written())
                    .addKeyValue("entries", list.size())
                    .log("deny list not reloaded; the one that was in force stays");
            return false;
        }
        list = reading.list();
        return true;
    }
}
