package io.staplegate.store;

import io.staplegate.telemetry.Telemetry;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/** A process that writes to a state directory until it is killed, and says so after each write. */
final class StoreWriter {
    private static final int FILES = 8;
    private static final int LARGEST = 8_000;

    private StoreWriter() {}

    /** {@code arguments}: the directory. */
    public static void main(String[] arguments) {
        Random random = new Random();
        try (FileStore store =
                new FileStore(Path.of(arguments[0]), ".ocsp", 64 * 1024, new Telemetry(InstantSource.system()))) {
            while (true) {
                byte[] payload = new byte[1 + random.nextInt(LARGEST)];
                random.nextBytes(payload);
                System.out.println(store.write(key(random.nextInt(FILES)), sealed(payload), Instant.EPOCH));
            }
        }
    }

    static String key(int number) {
        return HexFormat.of().toHexDigits(number).repeat(8);
    }

    /** Whether something is the whole of what was written once. */
    static boolean isWhole(byte[] content) {
        return content.length > 32 && Arrays.equals(sealed(Arrays.copyOfRange(content, 32, content.length)), content);
    }

    private static byte[] sealed(byte[] payload) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(payload);
            byte[] sealed = Arrays.copyOf(digest, digest.length + payload.length);
            System.arraycopy(payload, 0, sealed, digest.length, payload.length);
            return sealed;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
