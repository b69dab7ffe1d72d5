package io.staplegate.identity;

import static io.staplegate.identity.Findings.quote;

import io.staplegate.config.FileReference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an operator shows to the admin endpoint (RFC 6750): 16 to 512 visible ASCII characters, alone in a file. */
public final class BearerToken {
    private static final int LONGEST = 512;
    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{16," + LONGEST + "}");

    /** What an editor may have put around it. */
    private static final int LONGEST_FILE = 4096;

    private static final String HINT =
            "one token of 16 to 512 visible ASCII characters, as \"openssl rand -hex 32\" makes";

    private final String value;
    private final byte[] digest;

    private BearerToken(String value) {
        this.value = value;
        this.digest = digest(value);
    }

    /**
     * The token in a file, without the white space around it.
     *
     * @throws IOException where the file cannot be read, or holds something else; the message never quotes it
     */
    public static BearerToken read(Path file) throws IOException {
        byte[] content;
        try (InputStream in = TextFile.open(file)) {
            content = in.readNBytes(LONGEST_FILE + 1);
        }
        String text = new String(content, StandardCharsets.US_ASCII).strip();
        if (content.length > LONGEST_FILE || !FORM.matcher(text).matches()) {
            throw new IOException("it does not hold " + HINT);
        }
        return new BearerToken(text);
    }

    /** The token of {@code tokenFile}, or null where a problem was found instead. */
    static @Nullable BearerToken read(FileReference file, Findings findings) {
        String text = TextFile.read(file, "tokenFile", findings);
        if (text == null) {
            return null;
        }
        TextFile.warnIfOpen(file, "tokenFile", findings);
        String token = text.strip();
        if (!FORM.matcher(token).matches()) {
            findings.error("tokenFile", quote(file) + " holds no token", HINT);
            return null;
        }
        return new BearerToken(token);
    }

    /** As it is shown. */
    public String value() {
        return value;
    }

    /** Whether what somebody shows is this token; how long that takes says nothing of it. */
    boolean is(String shown) {
        return MessageDigest.isEqual(digest, digest(shown));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Not what it is: it must reach no log. */
    @Override
    public String toString() {
        return "BearerToken[…]";
    }
}
