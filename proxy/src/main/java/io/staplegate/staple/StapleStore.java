package io.staplegate.staple;

import io.staplegate.ocsp.OcspValidator;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Responses on disk, exactly as they came: {@code <CertID>.ocsp} is DER that {@code openssl ocsp -respin} reads, its
 * time is when it was fetched. A fault costs persistence only: a metric, and a log line when it begins and when it
 * ends. Any thread reads; one writes. Of two processes on one directory, the second only reads.
 */
final class StapleStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StapleStore.class);
    private static final String SUFFIX = ".ocsp";
    private static final String NAME = "[0-9a-f]{16,128}\\" + SUFFIX;
    private static final Pattern RESPONSE = Pattern.compile(NAME);
    private static final Pattern LEFTOVER = Pattern.compile("\\." + NAME + "\\" + AtomicFile.TEMPORARY);
    private static final String FILE_PERMISSIONS = "rw-r-----";
    private static final String DIRECTORY_PERMISSIONS = "rwxr-x---";

    /** Public CAs' answers last ten days at most (R34): what nobody has asked for in this time is of no use. */
    private static final Duration UNSERVED = Duration.ofDays(30);

    /** A response as it was kept. */
    record Kept(byte[] response, Instant fetchedAt) {}

    private final Path directory;
    private final Telemetry telemetry;
    private final AtomicBoolean failing = new AtomicBoolean();
    private @Nullable FileChannel lock;

    StapleStore(Path directory, Telemetry telemetry) {
        this.directory = directory;
        this.telemetry = telemetry;
    }

    /** What is kept under a key; null where there is nothing. Nothing is known of its content. */
    @Nullable
    Kept read(String key) {
        Path file = directory.resolve(key + SUFFIX);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] response = in.readNBytes(OcspValidator.MAX_RESPONSE_BYTES + 1);
            boolean plausible = response.length > 0 && response.length <= OcspValidator.MAX_RESPONSE_BYTES;
            return plausible
                    ? new Kept(response, Files.getLastModifiedTime(file).toInstant())
                    : null;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            failed(e);
            return null;
        }
    }

    /** Keeps a response in place of what was there. Returns whether that is done. */
    boolean write(String key, byte[] response, Instant fetchedAt) {
        try {
            prepare();
            AtomicFile.write(directory.resolve(key + SUFFIX), response, FILE_PERMISSIONS, fetchedAt);
        } catch (IOException e) {
            failed(e);
            return false;
        }
        if (failing.compareAndSet(true, false)) {
            LOG.atInfo().addKeyValue("directory", directory).log("state directory can be written again");
        }
        return true;
    }

    /** Removes what an interrupted write left, and responses that were not served for long. Leaves alone all else. */
    void prune(Set<String> served, Instant now) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try {
            prepare();
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, Files::isRegularFile)) {
                for (Path file : files) {
                    if (isOver(file, served, now)) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    @Override
    public void close() {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("lock of the state directory cannot be released");
        }
        lock = null;
    }

    private static boolean isOver(Path file, Set<String> served, Instant now) throws IOException {
        String name = file.getFileName().toString();
        if (LEFTOVER.matcher(name).matches()) {
            return true;
        }
        return RESPONSE.matcher(name).matches()
                && !served.contains(name.substring(0, name.length() - SUFFIX.length()))
                && Files.getLastModifiedTime(file).toInstant().plus(UNSERVED).isBefore(now);
    }

    /** Makes the directory, and locks it against other processes until this one ends, however it ends. */
    private void prepare() throws IOException {
        if (lock != null && Files.isDirectory(directory)) {
            return;
        }
        close();
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(DIRECTORY_PERMISSIONS));
            }
        }
        lock = lock(directory.resolve(".lock"));
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Held by another room of this process: the same as by another process.
        }
        channel.close();
        throw new IOException("another process keeps its staples in this directory");
    }

    private void failed(IOException fault) {
        telemetry.storeFailed();
        if (failing.compareAndSet(false, true)) {
            LOG.atWarn()
                    .addKeyValue("directory", directory)
                    .addKeyValue("reason", fault.toString())
                    .log("state directory fails: staples are served, but do not outlive a restart");
        }
    }
}
