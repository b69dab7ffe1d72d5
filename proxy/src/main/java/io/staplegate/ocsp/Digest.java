package io.staplegate.ocsp;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A message digest that every JVM has. */
final class Digest {
    private Digest() {}

    static byte[] of(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("no " + algorithm + " in this JVM", e);
        }
    }
}
