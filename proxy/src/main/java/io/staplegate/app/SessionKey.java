package io.staplegate.app;

import io.staplegate.config.Configuration;
import io.staplegate.config.FileReference;
import io.staplegate.config.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** The key that a listener's sessions are encrypted with where they are kept: a file of 32 random bytes. */
final class SessionKey {
    private static final int BYTES = 32;

    private SessionKey() {}

    /**
     * Reads it.
     *
     * @throws IOException where it cannot be read, or is of another size; the message is for people
     */
    static byte[] read(FileReference file) throws IOException {
        byte[] key;
        try (InputStream in = Files.newInputStream(file.path())) {
            key = in.readNBytes(BYTES + 1);
        } catch (IOException e) {
            throw new IOException(
                    Problem.quoted(file.written()) + " cannot be read (" + CommandFailure.reason(e) + ")", e);
        }
        if (key.length != BYTES) {
            throw new IOException(Problem.quoted(file.written()) + " does not have " + BYTES + " bytes");
        }
        return key;
    }

    /** An error for each key of a configuration that cannot be read. */
    static List<Problem> problems(Configuration configuration) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < configuration.listeners().size(); i++) {
            FileReference file = configuration.listeners().get(i).dtls().sessionKey();
            if (file != null) {
                try {
                    read(file);
                } catch (IOException e) {
                    String hint = "head -c " + BYTES + " /dev/urandom > " + file.written();
                    problems.add(Problem.error(
                            "listeners[" + i + "].dtls.sessionKey", String.valueOf(e.getMessage()), hint));
                }
            }
        }
        return problems;
    }
}
