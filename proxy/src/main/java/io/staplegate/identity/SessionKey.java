package io.staplegate.identity;

import static io.staplegate.identity.Findings.quote;

import io.staplegate.config.FileReference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** The key that a listener's sessions are encrypted with where they are kept: a file of 32 random bytes. */
public final class SessionKey {
    private static final int BYTES = 32;

    private SessionKey() {}

    /**
     * Reads it.
     *
     * @throws IOException where it cannot be read, or is of another size; the message is for people
     */
    public static byte[] read(FileReference file) throws IOException {
        byte[] key;
        try (InputStream in = TextFile.open(file.path())) {
            key = in.readNBytes(BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new IOException(quote(file) + " does not exist", e);
        } catch (AccessDeniedException e) {
            throw new IOException(quote(file) + " cannot be read (permission denied)", e);
        } catch (IOException e) {
            throw new IOException(quote(file) + " cannot be read (" + e.getMessage() + ")", e);
        }
        if (key.length != BYTES) {
            throw new IOException(
                    quote(file) + " has " + (key.length < BYTES ? key.length : "more than " + BYTES) + " bytes");
        }
        return key;
    }

    /** Finds out whether {@code sessionKey} of a listener's {@code dtls} can be read. */
    static void check(FileReference file, Findings findings) {
        try {
            read(file);
            TextFile.warnIfOpen(file, "sessionKey", findings);
        } catch (IOException e) {
            String hint = "name a file that \"openssl rand -out sessions.key 32\" made";
            findings.error("sessionKey", String.valueOf(e.getMessage()), hint);
        }
    }
}
