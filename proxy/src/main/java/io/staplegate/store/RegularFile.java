package io.staplegate.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that is read where it is one: whoever opened a pipe would wait for a writer for ever. */
public final class RegularFile {
    private RegularFile() {}

    /**
     * Opens it.
     *
     * @param links {@link LinkOption#NOFOLLOW_LINKS}: a link is no such file either
     * @throws NoSuchFileException where there is nothing
     * @throws IOException where there is something else; the message is for people
     */
    public static InputStream open(Path file, LinkOption... links) throws IOException {
        check(file, links);
        return Files.newInputStream(file, links);
    }

    /** Fails where there is something, and it is no regular file. */
    static void check(Path file, LinkOption... links) throws IOException {
        if (!Files.isRegularFile(file, links) && Files.exists(file, links)) {
            throw new IOException("\"" + file + "\" is not a regular file");
        }
    }
}
