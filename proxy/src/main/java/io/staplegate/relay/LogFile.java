package io.staplegate.relay;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that lines are appended to, opened anew when it was moved away. While it cannot be written, lines are lost and
 * nothing else happens; an empty line marks the gap. Owned by the thread that appends.
 */
final class LogFile {
    private static final Logger LOG = LoggerFactory.getLogger(LogFile.class);
    private static final long LOOK_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path path;
    private final Pace warnings = new Pace(Duration.ofMinutes(1));
    private @Nullable OutputStream out;
    private @Nullable Object inode;
    private long lookedAt;
    private long lost;
    private boolean warned;

    private LogFile(Path path) {
        this.path = path;
    }

    /** Opens or creates the file. */
    static LogFile open(Path path) throws IOException {
        LogFile file = new LogFile(path);
        file.reopen();
        return file;
    }

    /** Appends {@code count} whole lines, or loses them. */
    void append(byte[] lines, int count) {
        try {
            current().write(lines);
            writable();
        } catch (IOException e) {
            lose(count, e);
        }
    }

    private OutputStream current() throws IOException {
        if (out != null && (System.nanoTime() - lookedAt < LOOK_INTERVAL_NANOS || Objects.equals(inode, inodeNow()))) {
            return out;
        }
        return reopen();
    }

    private OutputStream reopen() throws IOException {
        close();
        OutputStream opened = new FileOutputStream(path.toFile(), true);
        out = opened;
        inode = inodeNow();
        if (lost > 0) {
            opened.write('\n');
        }
        return opened;
    }

    /** What tells the file at the path from another; null where there is none, or the system has no such thing. */
    private @Nullable Object inodeNow() throws IOException {
        lookedAt = System.nanoTime();
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private void lose(int count, IOException cause) {
        if (lost == 0 && warnings.next(System.nanoTime()).isPresent()) {
            warned = true;
            LOG.atWarn()
                    .addKeyValue("file", path)
                    .addKeyValue("cause", cause.getMessage())
                    .log("access log cannot be written, its lines are lost");
        }
        lost += count;
        close();
    }

    private void writable() {
        if (lost > 0 && warned) {
            LOG.atInfo().addKeyValue("file", path).addKeyValue("lost", lost).log("access log is written again");
        }
        warned = false;
        lost = 0;
    }

    void close() {
        if (out != null) {
            try {
                out.close();
            } catch (IOException e) {
                LOG.atDebug().addKeyValue("file", path).setCause(e).log("access log did not close cleanly");
            }
            out = null;
        }
    }
}
