package io.staplegate.handshake;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digest that sessions are told apart by. */
final class Sha256 {
    private Sha256() {}

    static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
