package io.staplegate.store;

import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetched things on disk, exactly as they came: the name of a file is what it is about, its time is when it was
 * fetched. A fault costs persistence only: a metric, and a log line when it begins and when it ends. Any thread reads;
 * of each key, one writes. Of two processes on one directory, the second only reads.
 */
public final class FileStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);
    private static final String KEY = "[0-9a-f]{16,128}";
    private static final String FILE_PERMISSIONS = "rw-r-----";
    private static final String DIRECTORY_PERMISSIONS = "rwxr-x---";

    /** Public CAs' answers last ten days at most (R34): what nobody has asked for in this time is of no use. */
    private static final Duration UNSERVED = Duration.ofDays(30);

    /** Something as it was kept. */
    public record Kept(byte[] content, Instant fetchedAt) {}

    private final Path directory;
    private final String suffix;
    private final int largest;
    private final Pattern name;
    private final Pattern leftover;
    private final Telemetry telemetry;
    private final AtomicBoolean failing = new AtomicBoolean();
    private final AtomicBoolean unwritable = new AtomicBoolean();
    private @Nullable FileChannel lock;

    /**
     * A store that makes its directory with the first write.
     *
     * @param suffix of its files' names, with the dot: {@code .ocsp}
     * @param largest file that is read, in bytes
     */
    public FileStore(Path directory, String suffix, int largest, Telemetry telemetry) {
        this.directory = directory;
        this.suffix = suffix;
        this.largest = largest;
        this.name = Pattern.compile(KEY + Pattern.quote(suffix));
        this.leftover = Pattern.compile("\\." + KEY + Pattern.quote(suffix + AtomicFile.TEMPORARY));
        this.telemetry = telemetry;
    }

    /**
     * What is kept under a key; null where there is nothing, or no regular file of a plausible size. Nothing is known
     * of its content.
     *
     * @param key 16 to 128 lower-case hex digits
     */
    public @Nullable Kept read(String key) {
        Path file = directory.resolve(key + suffix);
        try (InputStream in = RegularFile.open(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = in.readNBytes(largest + 1);
            if (content.length == 0 || content.length > largest) {
                String fault = content.length == 0 ? "is empty" : "is larger than " + largest + " bytes";
                throw new IOException("\"" + file + "\" " + fault);
            }
            return new Kept(content, Files.getLastModifiedTime(file).toInstant());
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            failed(e);
            return null;
        }
    }

    /** Keeps something in place of what was there. Returns whether that is done. */
    public boolean write(String key, byte[] content, Instant fetchedAt) {
        try {
            prepare();
            AtomicFile.write(directory.resolve(key + suffix), content, FILE_PERMISSIONS, fetchedAt);
        } catch (IOException e) {
            cannotWrite(e);
            return false;
        }
        recovered();
        return true;
    }

    /** Where a key's file is, if there is one: for what is too large for {@link #read}. */
    public Path file(String key) {
        return directory.resolve(key + suffix);
    }

    /**
     * A new empty file that {@link #adopt} can put in a key's place. Where the directory fails, it is elsewhere, and
     * will not outlive a restart.
     */
    public Path temporary(String key) throws IOException {
        try {
            prepare();
            Path temporary = directory.resolve("." + key + suffix + AtomicFile.TEMPORARY);
            Files.deleteIfExists(temporary);
            return AtomicFile.create(temporary, FILE_PERMISSIONS);
        } catch (IOException e) {
            cannotWrite(e);
            return Files.createTempFile("staplegate-", suffix);
        }
    }

    /** Keeps a file that came from {@link #temporary} in place of what was there. It is gone in any case. */
    public void adopt(String key, Path temporary, Instant fetchedAt) {
        try {
            if (temporary.startsWith(directory)) {
                AtomicFile.replace(file(key), temporary, fetchedAt);
                recovered();
            } else {
                Files.deleteIfExists(temporary);
            }
        } catch (ClosedByInterruptException e) {
            LOG.atDebug().setCause(e).log("a file is not kept: shutting down");
        } catch (IOException e) {
            cannotWrite(e);
        }
    }

    /** Removes what an interrupted write left, and files that were not served for long. Leaves alone all else. */
    public void prune(Set<String> served, Instant now) {
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
            cannotWrite(e);
        }
    }

    /**
     * Removes the oldest files beyond a number of them, those that are not served first.
     *
     * @param most files that stay
     */
    public void limit(Set<String> served, int most) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try {
            prepare();
            List<Aged> files = aged(served);
            Collections.sort(files);
            for (Aged file : files.subList(0, Math.max(0, files.size() - most))) {
                Files.deleteIfExists(file.path);
            }
        } catch (IOException e) {
            cannotWrite(e);
        }
    }

    /** A file, in the order in which they are dispensable. */
    private record Aged(Path path, boolean isServed, FileTime time) implements Comparable<Aged> {
        private static final Comparator<Aged> DISPENSABLE_FIRST =
                Comparator.comparing(Aged::isServed).thenComparing(Aged::time);

        @Override
        public int compareTo(Aged other) {
            return DISPENSABLE_FIRST.compare(this, other);
        }
    }

    private List<Aged> aged(Set<String> served) throws IOException {
        List<Aged> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, Files::isRegularFile)) {
            for (Path file : files) {
                String fileName = file.getFileName().toString();
                if (name.matcher(fileName).matches()) {
                    all.add(new Aged(file, served.contains(key(fileName)), Files.getLastModifiedTime(file)));
                }
            }
        }
        return all;
    }

    @Override
    public void close() {
        unlock();
        if (unwritable.compareAndSet(true, false)) {
            telemetry.storeWritable(true); // nobody writes here any more
        }
    }

    private synchronized void unlock() {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("lock of the state directory cannot be released");
        }
        lock = null;
    }

    private boolean isOver(Path file, Set<String> served, Instant now) throws IOException {
        String fileName = file.getFileName().toString();
        if (leftover.matcher(fileName).matches()) {
            return true;
        }
        return name.matcher(fileName).matches()
                && !served.contains(key(fileName))
                && Files.getLastModifiedTime(file).toInstant().plus(UNSERVED).isBefore(now);
    }

    private String key(String fileName) {
        return fileName.substring(0, fileName.length() - suffix.length());
    }

    /** Makes the directory, and locks it against other processes until this one ends, however it ends. */
    private synchronized void prepare() throws IOException {
        if (lock != null && Files.isDirectory(directory)) {
            return;
        }
        unlock();
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(DIRECTORY_PERMISSIONS));
            }
        }
        lock = lock(directory.resolve(".lock"));
    }

    private static FileChannel lock(Path file) throws IOException {
        RegularFile.check(file, LinkOption.NOFOLLOW_LINKS);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Held by another room of this process: the same as by another process.
        }
        channel.close();
        throw new IOException("another process keeps its files in this directory");
    }

    private void recovered() {
        if (unwritable.compareAndSet(true, false)) {
            telemetry.storeWritable(true);
        }
        if (failing.compareAndSet(true, false)) {
            LOG.atInfo().addKeyValue("directory", directory).log("state directory can be written again");
        }
    }

    private void cannotWrite(IOException fault) {
        if (unwritable.compareAndSet(false, true)) {
            telemetry.storeWritable(false);
        }
        failed(fault);
    }

    private void failed(IOException fault) {
        telemetry.storeFailed();
        if (failing.compareAndSet(false, true)) {
            LOG.atWarn()
                    .addKeyValue("directory", directory)
                    .addKeyValue("reason", fault.toString())
                    .log("state directory fails: what is fetched is served, but does not outlive a restart");
        }
    }
}
