package io.staplegate.identity;

import static io.staplegate.identity.Findings.quote;

import io.staplegate.config.FileReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pre-shared keys of devices by their identities (RFC 4279), read from a file of lines {@code identity:key}, the key in
 * hex, as Mosquitto and GnuTLS have it. Immutable.
 */
public final class PresharedKeys {
    /** No keys. */
    public static final PresharedKeys NONE = new PresharedKeys(Map.of());

    private final Map<ByteBuffer, byte[]> keys;

    private PresharedKeys(Map<ByteBuffer, byte[]> keys) {
        this.keys = keys;
    }

    /** The keys of devices by their identities, as text. */
    public static PresharedKeys of(Map<String, byte[]> keys) {
        Map<ByteBuffer, byte[]> copies = HashMap.newHashMap(keys.size());
        keys.forEach((identity, key) -> copies.put(bytes(identity), key.clone()));
        return new PresharedKeys(copies);
    }

    /** Reads {@code psk} of a listener's {@code dtls}; null where there is any error. No finding has a key in it. */
    static @Nullable PresharedKeys read(FileReference file, Findings findings) {
        String text = TextFile.read(file, "psk", findings, TextFile.MOST_OF_KEYS);
        if (text == null) {
            return null;
        }
        TextFile.warnIfOpen(file, "psk", findings);
        PresharedKeyLines lines = new PresharedKeyLines(file, findings);
        text.lines().forEach(lines::add);
        Map<String, byte[]> keys = lines.keys();
        if (keys.isEmpty() && !findings.hasError()) {
            findings.error("psk", quote(file) + " has no key", "leave \"psk\" out where no device has one");
        }
        return findings.hasError() ? null : of(keys);
    }

    /** Whether there are any. */
    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /** A copy of the key of a device, or null where it has none. */
    public byte @Nullable [] key(byte[] identity) {
        byte[] key = keys.get(ByteBuffer.wrap(identity));
        return key == null ? null : key.clone();
    }

    private static ByteBuffer bytes(String identity) {
        return ByteBuffer.wrap(identity.getBytes(StandardCharsets.UTF_8));
    }
}
