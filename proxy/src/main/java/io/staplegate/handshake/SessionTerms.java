package io.staplegate.handshake;

import io.staplegate.handshake.Choice.ByCertificate;
import io.staplegate.handshake.Choice.ByPresharedKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What must be the same for a session to be resumed (R51): who the proxy is, the suite that it would choose for a full
 * handshake, which devices it believes, and what the client asks for. Made of values that outlive a reload and a
 * restart.
 */
final class SessionTerms {
    private final Choice choice;
    private final ClientOffer offer;
    private final @Nullable PreparedTrust trust;

    private SessionTerms(Choice choice, ClientOffer offer, @Nullable PreparedTrust trust) {
        this.choice = choice;
        this.offer = offer;
        this.trust = trust;
    }

    /**
     * The terms of a handshake; null where its session may be neither resumed nor kept: the certificate is revoked.
     *
     * @param trust null where the device is asked for no certificate
     */
    static @Nullable SessionTerms of(Choice choice, ClientOffer offer, @Nullable PreparedTrust trust) {
        boolean revoked = choice instanceof ByCertificate certificate
                && certificate.stapled().source().leafRevoked();
        return revoked ? null : new SessionTerms(choice, offer, trust);
    }

    Suite suite() {
        return choice.suite();
    }

    /** When sessions on these terms end at the latest. */
    Instant end() {
        return switch (choice) {
            case ByCertificate certificate ->
                certificate.identity().identity().leaf().getNotAfter().toInstant();
            case ByPresharedKey _ -> Instant.MAX;
        };
    }

    /**
     * SHA-256 of all the terms, or null where there can be no session on them.
     *
     * @param pskIdentity whose session it is, where that was agreed on with a pre-shared key
     */
    byte @Nullable [] digest(byte @Nullable [] pskIdentity) {
        return switch (choice) {
            case ByCertificate certificate
            when pskIdentity == null ->
                digest(
                        bytes(certificate.identity().identity().name()),
                        certificate.identity().leafDigest());
            case ByPresharedKey device
            when pskIdentity != null -> {
                byte[] key = device.keys().key(pskIdentity);
                yield key == null ? null : digest(pskIdentity, key);
            }
            case ByCertificate _, ByPresharedKey _ -> null;
        };
    }

    private byte[] digest(byte[] who, byte[] proof) {
        MessageDigest sha256 = Sha256.start();
        update(sha256, who);
        update(sha256, proof);
        update(sha256, offer.serverName() == null ? null : bytes(offer.serverName()));
        update(sha256, bytes(choice.suite().name()));
        update(sha256, new byte[] {(byte) offer.maxFragmentLength()});
        if (trust != null) {
            update(sha256, trust.trust().generation());
        }
        return sha256.digest();
    }

    /** Each value with its length before it, so that no two lists of values have the same bytes. */
    private static void update(MessageDigest digest, byte @Nullable [] value) {
        digest.update(ByteBuffer.allocate(Integer.BYTES)
                .putInt(value == null ? -1 : value.length)
                .flip());
        if (value != null) {
            digest.update(value);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
