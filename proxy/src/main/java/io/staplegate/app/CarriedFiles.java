package io.staplegate.app;

import io.staplegate.staple.Imported;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A folder on a medium that was carried here. Whoever wrote to it is not trusted: nothing in it is followed. */
final class CarriedFiles {
    private static final int MOST = 100_000;

    private CarriedFiles() {}

    /**
     * What lies in a folder, by name, but for other folders and what is hidden: half-written files, and those that
     * file managers leave.
     */
    static List<Path> in(Path folder) throws CommandFailure {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, CarriedFiles::isCandidate)) {
            for (Path file : entries) {
                if (files.size() == MOST) {
                    throw new CommandFailure(
                            Exit.FAILED, "\"" + folder + "\" holds more than " + MOST + " files", null);
                }
                files.add(file);
            }
        } catch (NotDirectoryException e) {
            throw new CommandFailure(Exit.USAGE, "\"" + folder + "\" is not a folder", null);
        } catch (IOException e) {
            String reason = CommandFailure.reason(e);
            throw new CommandFailure(Exit.USAGE, "cannot read \"" + folder + "\" (" + reason + ")", null);
        }
        files.sort(null);
        return files;
    }

    /**
     * The content of a file.
     *
     * @throws IOException where it cannot be a response; the message says why
     */
    static byte[] read(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("not a regular file");
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = in.readNBytes(Imported.MAX_BYTES + 1);
            if (content.length > Imported.MAX_BYTES) {
                throw new IOException("more than " + Imported.MAX_BYTES + " bytes");
            }
            return content;
        }
    }

    /** When a file was written, as its medium says. */
    static Instant modified(Path file) throws IOException {
        return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
    }

    private static boolean isCandidate(Path file) {
        return !file.getFileName().toString().startsWith(".") && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
    }
}
