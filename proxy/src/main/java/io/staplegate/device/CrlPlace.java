package io.staplegate.device;

import io.staplegate.fetch.ResponderClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a revocation list comes from. */
sealed interface CrlPlace {
    /** What metrics call it. */
    String label();

    /** A server. */
    record Web(URI url) implements CrlPlace {
        @Override
        public String label() {
            return ResponderClient.hostPort(url) + url.getPath();
        }

        /** What the file of its list in a slot is named by, in the state directory. */
        String key(int slot) {
            try {
                byte[] name = (slot == 0 ? url.toString() : slot + " " + url).getBytes(StandardCharsets.UTF_8);
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(name));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("no SHA-256 in this JVM", e);
            }
        }

        /** All of those. */
        Stream<String> keys() {
            return IntStream.range(0, PlacedLists.MOST).mapToObj(this::key);
        }

        @Override
        public String toString() {
            return url.toString();
        }
    }

    /** A file of the operator's. */
    record Local(Path file) implements CrlPlace {
        @Override
        public String label() {
            return file.toString();
        }

        /** What changes with its content; null: there is no file. */
        @Nullable
        List<Object> stamp() {
            try {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                return List.of(String.valueOf(found.fileKey()), found.size(), found.lastModifiedTime());
            } catch (IOException e) {
                return null;
            }
        }

        @Override
        public String toString() {
            return file.toString();
        }
    }
}
