package io.staplegate.identity;

import static io.staplegate.identity.Findings.quote;

import io.staplegate.config.FileReference;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file of pre-shared keys, judged one after the other. What is wrong is told by the number of the line
 * alone: where somebody has put key and identity the wrong way round, an identity is a key.
 */
final class PresharedKeyLines {
    /** What every implementation takes (RFC 4279 §5.3). */
    private static final int LONGEST_IDENTITY = 128;

    private static final int LONGEST_KEY = 64;

    /** Of AES-128, and what keeps a key from being guessed from one handshake. */
    private static final int SHORT_KEY = 16;

    private static final int MOST_FINDINGS = 20;

    private final FileReference file;
    private final Findings findings;
    private final Map<String, byte[]> keys = new HashMap<>();
    private final Map<String, Integer> lineOf = new HashMap<>();
    private int line;
    private int errors;
    private int shortKeys;

    PresharedKeyLines(FileReference file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    /** Those of all lines that are right. */
    Map<String, byte[]> keys() {
        if (errors > MOST_FINDINGS) {
            findings.error(
                    "psk", quote(file) + " has " + (errors - MOST_FINDINGS) + " more lines that are wrong", null);
        }
        if (shortKeys > 0) {
            findings.warning(
                    "psk",
                    quote(file) + " has keys of less than 16 bytes: " + shortKeys,
                    "who hears one handshake can try out short keys");
        }
        return keys;
    }

    /** The next line: {@code identity:key}, a comment that begins with {@code #}, or nothing. */
    void add(String written) {
        line++;
        String text = written.strip();
        if (text.isEmpty() || text.startsWith("#")) {
            return;
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            error("has no colon", "a line is \"identity:key\", the key in hex");
            return;
        }
        add(text.substring(0, colon).strip(), text.substring(colon + 1).strip());
    }

    private void add(String identity, String hex) {
        if (identity.isEmpty()) {
            error("has no identity before the colon", null);
        } else if (identity.indexOf('\uFFFD') >= 0) {
            error("is not UTF-8", "save the file as UTF-8");
        } else if (identity.getBytes(StandardCharsets.UTF_8).length > LONGEST_IDENTITY) {
            error("has an identity of more than 128 bytes", null);
        } else if (lineOf.containsKey(identity)) {
            error("repeats the identity of line " + lineOf.get(identity), "remove one of the two");
        } else {
            lineOf.put(identity, line);
            addKey(identity, hex);
        }
    }

    private void addKey(String identity, String hex) {
        byte[] key;
        try {
            key = HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            error("has a key that is not hex", "two digits for each byte, after the last colon");
            return;
        }
        if (key.length == 0) {
            error("has no key after the colon", null);
        } else if (key.length > LONGEST_KEY) {
            error("has a key of more than 64 bytes", null);
        } else {
            shortKeys += key.length < SHORT_KEY ? 1 : 0;
            keys.put(identity, key);
        }
    }

    private void error(String what, @Nullable String hint) {
        errors++;
        if (errors <= MOST_FINDINGS) {
            findings.error("psk", "line " + line + " of " + quote(file) + " " + what, hint);
        }
    }
}
