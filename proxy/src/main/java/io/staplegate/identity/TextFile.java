package io.staplegate.identity;

import static io.staplegate.identity.Findings.quote;

import io.staplegate.config.FileReference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the text files that identities and pre-shared keys are made of. */
final class TextFile {
    /** Larger than any bundle of public CA certificates. */
    static final int MAX_BYTES = 1 << 20;

    /** 32 MiB of pre-shared keys: half a million devices. */
    static final int MOST_OF_KEYS = 32 << 20;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private TextFile() {}

    /** The content of a file, or null where a problem was found instead. */
    static @Nullable String read(FileReference file, String key, Findings findings) {
        return read(file, key, findings, MAX_BYTES);
    }

    /** The same, of up to so many bytes, a number of MiB. */
    static @Nullable String read(FileReference file, String key, Findings findings, int most) {
        String content = readEvenEmpty(file, key, findings, most);
        if (content != null && content.isBlank()) {
            findings.error(key, quote(file) + " is empty", null);
            return null;
        }
        return content;
    }

    /** The same, where a file without content is one that says something. */
    static @Nullable String readEvenEmpty(FileReference file, String key, Findings findings, int most) {
        try {
            return content(file.path(), most);
        } catch (NoSuchFileException e) {
            findings.error(key, quote(file) + " does not exist", null);
        } catch (AccessDeniedException e) {
            String hint = "let the user that runs Staplegate read it";
            findings.error(key, quote(file) + " cannot be read (permission denied)", hint);
        } catch (IOException e) {
            findings.error(key, quote(file) + " cannot be read (" + e.getMessage() + ")", null);
        }
        return null;
    }

    private static String content(Path path, int most) throws IOException {
        try (InputStream in = open(path)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new IOException("it is larger than " + (most >> 20) + " MiB");
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        }
    }

    /** Opens a regular file: whoever opened a pipe would wait for a writer for ever. */
    static InputStream open(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new IOException(attributes.isDirectory() ? "it is a directory" : "it is not a file");
        }
        return Files.newInputStream(path);
    }

    /** Warns if every user of the machine can read, or write, a file that holds a secret. */
    static void warnIfOpen(FileReference file, String key, Findings findings) {
        Set<PosixFilePermission> permissions = permissions(file.path());
        if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
            findings.warning(key, quote(file) + " can be read by every user", "chmod 600 " + file.written());
        } else if (permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            findings.warning(key, quote(file) + " can be written by every user", "chmod 600 " + file.written());
        }
    }

    /** The first line of a file that holds a password, which an editor may have ended with a newline. */
    static char @Nullable [] readPassword(FileReference file, String key, Findings findings) {
        String text = read(file, key, findings);
        if (text == null) {
            return null;
        }
        warnIfOpen(file, key, findings);
        return text.lines().findFirst().orElse("").toCharArray();
    }

    private static Set<PosixFilePermission> permissions(Path path) {
        try {
            return Files.getPosixFilePermissions(path);
        } catch (IOException | UnsupportedOperationException e) {
            return Set.of(); // a file system without such permissions, or a file that has just gone
        }
    }
}
