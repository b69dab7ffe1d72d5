package io.staplegate.identity;

import io.staplegate.config.FileReference;
import io.staplegate.config.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pre-shared keys of devices by their identities (RFC 4279), read from a file of lines {@code identity:key}, the key in
 * hex, as Mosquitto and GnuTLS have it. Immutable.
 */
public final class PresharedKeys {
    /** No keys. */
    public static final PresharedKeys NONE = new PresharedKeys();

    private PresharedKeys() {}

    /**
     * What came of reading.
     *
     * @param keys null where there is any error
     * @param problems by the path of the key that names the file; with line numbers, without keys
     */
    public record Reading(@Nullable PresharedKeys keys, List<Problem> problems) {}

    /** Reads a file. {@code path}: the configuration's key that names it. */
    static Reading read(String path, FileReference file) {
        throw new UnsupportedOperationException();
    }

    /** Whether there are any. */
    public boolean isEmpty() {
        return true;
    }

    /** A copy of the key of a device, or null where it has none. */
    public byte @Nullable [] key(byte[] identity) {
        throw new UnsupportedOperationException();
    }
}
