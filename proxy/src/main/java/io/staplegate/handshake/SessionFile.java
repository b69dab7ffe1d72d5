package io.staplegate.handshake;

import io.staplegate.store.AtomicFile;
import io.staplegate.store.RegularFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of one listener on disk: a nonce, and behind it the sessions under AES-256-GCM, to which the listener's
 * name and the format's version belong. Nothing of a file is parsed before it has proved to be of that key.
 */
final class SessionFile {
    private static final Logger LOG = LoggerFactory.getLogger(SessionFile.class);

    private static final String FORMAT = "Staplegate sessions, format 1, of listener ";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    /** Bytes of one session: an id, a secret, a digest, a time, an identity (RFC 4279 §5.3), the longest of each. */
    private static final int LARGEST = 2 + 32 + 2 + 48 + 2 + 32 + 8 + 2 + 128;

    private final Path file;
    private final SecretKeySpec key;
    private final byte[] association;

    /** A file that is there or not. {@code key}: 32 bytes. */
    SessionFile(Path file, byte[] key, String listener) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("key.length == 32: " + key.length);
        }
        this.file = file;
        this.key = new SecretKeySpec(key, "AES");
        this.association = (FORMAT + listener).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Replaces the file by one of the sessions that have not ended yet, but for those of devices with certificates: to
     * write each with its path, and to believe that afterwards, is not worth the full handshake that it saves.
     */
    void write(Map<ByteBuffer, KeptSession> sessions, Instant now) throws IOException {
        ByteArrayOutputStream plaintext = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(plaintext);
        for (var entry : sessions.entrySet()) {
            if (entry.getValue().device() == null && entry.getValue().end().isAfter(now)) {
                write(out, entry.getKey().array(), entry.getValue());
            }
        }
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        try {
            byte[] ciphertext = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plaintext.toByteArray());
            byte[] content = ByteBuffer.allocate(nonce.length + ciphertext.length)
                    .put(nonce)
                    .put(ciphertext)
                    .array();
            AtomicFile.write(file, content, "rw-------", now);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-GCM", e);
        }
    }

    private static void write(DataOutputStream out, byte[] id, KeptSession session) throws IOException {
        byte[] identity = session.pskIdentity();
        write(out, id);
        write(out, session.masterSecret());
        write(out, session.terms());
        out.writeLong(session.end().toEpochMilli());
        write(out, identity == null ? new byte[0] : identity);
    }

    private static void write(DataOutputStream out, byte[] value) throws IOException {
        out.writeShort(value.length);
        out.write(value);
    }

    /**
     * The sessions in the file that have not ended yet; none where there is no file, or not one of this key, listener
     * and format.
     *
     * @param most how many it has at most
     */
    Map<ByteBuffer, KeptSession> read(int most, Instant now) {
        try {
            Map<ByteBuffer, KeptSession> sessions = parse(decrypt(content(most)));
            sessions.values().removeIf(session -> !session.end().isAfter(now));
            return sessions;
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException | GeneralSecurityException e) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("cause", e.getMessage())
                    .log("kept sessions cannot be used: of another key, listener or version, or damaged");
            return Map.of();
        }
    }

    private byte[] content(int most) throws IOException {
        long limit = Math.min(NONCE_BYTES + TAG_BITS / 8 + (long) most * LARGEST, Integer.MAX_VALUE - 16);
        try (InputStream in = RegularFile.open(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = in.readNBytes((int) limit + 1);
            if (content.length < NONCE_BYTES + TAG_BITS / 8 || content.length > limit) {
                throw new IOException("it has too few or too many bytes");
            }
            return content;
        }
    }

    private byte[] decrypt(byte[] content) throws GeneralSecurityException {
        return cipher(Cipher.DECRYPT_MODE, content).doFinal(content, NONCE_BYTES, content.length - NONCE_BYTES);
    }

    /** {@code content}: begins with the nonce. */
    private Cipher cipher(int mode, byte[] content) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, content, 0, NONCE_BYTES));
        cipher.updateAAD(association);
        return cipher;
    }

    private static Map<ByteBuffer, KeptSession> parse(byte[] plaintext) throws IOException {
        Map<ByteBuffer, KeptSession> sessions = new HashMap<>();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(plaintext));
        while (in.available() > 0) {
            ByteBuffer id = ByteBuffer.wrap(read(in));
            byte[] masterSecret = read(in);
            byte[] terms = read(in);
            Instant end = Instant.ofEpochMilli(in.readLong());
            byte[] identity = read(in);
            sessions.put(id, new KeptSession(masterSecret, terms, end, identity.length == 0 ? null : identity, null));
        }
        return sessions;
    }

    private static byte[] read(DataInputStream in) throws IOException {
        byte[] value = new byte[in.readUnsignedShort()];
        in.readFully(value);
        return value;
    }
}
