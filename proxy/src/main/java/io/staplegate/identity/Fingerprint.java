package io.staplegate.identity;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/** What a certificate is told from all others by: its SHA-256, in 32 bytes. */
public record Fingerprint(long first, long second, long third, long fourth) {
    private static final int BYTES = 32;

    /** That of a certificate. */
    public static Fingerprint of(X509Certificate certificate) {
        try {
            return ofEncoded(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was validated has no encoding", e);
        }
    }

    /** That of a certificate in DER. */
    static Fingerprint ofEncoded(byte[] der) {
        try {
            return of(MessageDigest.getInstance("SHA-256").digest(der));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * The one that is written so.
     *
     * @param hex 64 digits
     * @throws IllegalArgumentException where it is something else
     */
    public static Fingerprint parse(String hex) {
        byte[] digest = HexFormat.of().parseHex(hex);
        if (digest.length != BYTES) {
            throw new IllegalArgumentException("a fingerprint of " + digest.length + " bytes");
        }
        return of(digest);
    }

    private static Fingerprint of(byte[] digest) {
        ByteBuffer bytes = ByteBuffer.wrap(digest);
        return new Fingerprint(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    /** 64 lower-case hex digits. */
    @Override
    public String toString() {
        byte[] digest = ByteBuffer.allocate(BYTES)
                .putLong(first)
                .putLong(second)
                .putLong(third)
                .putLong(fourth)
                .array();
        return HexFormat.of().formatHex(digest);
    }
}
