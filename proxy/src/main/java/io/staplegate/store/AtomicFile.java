package io.staplegate.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;

/** A file that is replaced as a whole: a reader, or a start after {@code kill -9}, sees the old content or the new. */
public final class AtomicFile {
    /** What the name of a file ends with while it is being written; it then begins with a dot. */
    static final String TEMPORARY = ".tmp";

    private AtomicFile() {}

    /**
     * Writes beside the file, syncs, and renames.
     *
     * @param permissions in the form {@code rw-r-----}
     * @param modified becomes the file's time
     */
    public static void write(Path file, byte[] content, String permissions, Instant modified) throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + TEMPORARY);
        Files.deleteIfExists(temporary);
        try {
            writeAndSync(temporary, content, attributes(file, permissions));
            Files.setLastModifiedTime(temporary, FileTime.from(modified));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        syncDirectory(file.resolveSibling("."));
    }

    /** Makes an empty file. {@code permissions}: as for {@link #write}. */
    static Path create(Path file, String permissions) throws IOException {
        return Files.createFile(file, attributes(file, permissions));
    }

    /** Replaces a file by another one beside it, which has been written and closed; that is gone in any case. */
    static void replace(Path file, Path temporary, Instant modified) throws IOException {
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.setLastModifiedTime(temporary, FileTime.from(modified));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        syncDirectory(file.resolveSibling("."));
    }

    private static void writeAndSync(Path file, byte[] content, FileAttribute<?>[] attributes) throws IOException {
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, attributes)) {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
    }

    private static FileAttribute<?>[] attributes(Path file, String permissions) {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }

    private static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
