package io.staplegate.identity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The content of one file, told apart by a digest. Owned by {@link FileWatcher}, under its lock. */
final class WatchedFile {
    /** Longer than the ticks in which any file system counts time. */
    private static final Duration SETTLED = Duration.ofSeconds(5);

    private static final String NOTHING = "nothing readable";

    private final Path path;
    private @Nullable Map<String, Object> stamp;
    private Instant stampSince = Instant.MIN;
    private Instant digestedAt = Instant.MIN;
    private String digest = NOTHING;

    WatchedFile(Path path) {
        this.path = path;
    }

    /**
     * A text that changes if and only if the content does. The file is not read again where its inode, size and times
     * are as they were, and were old enough when it was last read that no later write can have left them so: a process
     * can set a file's modification time, but not its change time.
     */
    String digest(Instant now) {
        Map<String, Object> current = stamp();
        if (current == null || !current.equals(stamp)) {
            stamp = current;
            stampSince = now;
        } else if (Duration.between(stampSince, digestedAt).compareTo(SETTLED) >= 0) {
            return digest;
        }
        digest = readDigest();
        digestedAt = now;
        return digest;
    }

    /** Null where there is no file, or the file system does not tell change times. */
    private @Nullable Map<String, Object> stamp() {
        try {
            return Files.readAttributes(path, "unix:dev,ino,size,lastModifiedTime,ctime");
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return null;
        }
    }

    private String readDigest() {
        if (!Files.isRegularFile(path)) {
            return NOTHING;
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(TextFile.MOST_OF_KEYS + 1);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (IOException e) {
            return NOTHING;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
