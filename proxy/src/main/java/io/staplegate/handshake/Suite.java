package io.staplegate.handshake;

import io.staplegate.identity.Identity.KeyType;
import java.util.Arrays;
import java.util.EnumSet;
import org.bouncycastle.tls.CipherSuite;
import org.jspecify.annotations.Nullable;

/** The cipher suites, by their IANA names, in the order in which the proxy prefers them. */
enum Suite {
    TLS_AES_128_GCM_SHA256(CipherSuite.TLS_AES_128_GCM_SHA256, Certificate.ANY),
    TLS_AES_256_GCM_SHA384(CipherSuite.TLS_AES_256_GCM_SHA384, Certificate.ANY),
    TLS_CHACHA20_POLY1305_SHA256(CipherSuite.TLS_CHACHA20_POLY1305_SHA256, Certificate.ANY),
    TLS_AES_128_CCM_SHA256(CipherSuite.TLS_AES_128_CCM_SHA256, Certificate.ANY),

    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256(
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, Certificate.ECDSA_OR_EDDSA),
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, Certificate.RSA),
    TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384(
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, Certificate.ECDSA_OR_EDDSA),
    TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384(CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, Certificate.RSA),
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256(
            CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, Certificate.ECDSA_OR_EDDSA),
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256(
            CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, Certificate.RSA),
    TLS_ECDHE_ECDSA_WITH_AES_128_CCM(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM, Certificate.ECDSA_OR_EDDSA);

    /** Which certificates a suite goes with; in TLS 1.3 the suite does not say. */
    private enum Certificate {
        ANY,
        ECDSA_OR_EDDSA,
        RSA
    }

    private final int code;
    private final Certificate certificate;

    Suite(int code, Certificate certificate) {
        this.code = code;
        this.certificate = certificate;
    }

    int code() {
        return code;
    }

    static int[] codes() {
        return Arrays.stream(values()).mapToInt(Suite::code).toArray();
    }

    /**
     * The suite for a ClientHello and a key, or null where there is none in common. A client that puts ChaCha20 first
     * has no AES in hardware, so it gets that.
     */
    static @Nullable Suite choose(ClientOffer offer, KeyType key) {
        EnumSet<Suite> common = EnumSet.noneOf(Suite.class);
        for (int offered : offer.suites()) {
            Suite suite = withCode(offered);
            if (suite == null || !suite.serves(offer.tls13(), key)) {
                continue;
            }
            if (common.isEmpty() && suite.isChaCha20()) {
                return suite;
            }
            common.add(suite);
        }
        return common.isEmpty() ? null : common.iterator().next();
    }

    private boolean isChaCha20() {
        return name().contains("CHACHA20");
    }

    private boolean serves(boolean tls13, KeyType key) {
        return switch (certificate) {
            case ANY -> tls13;
            case RSA -> !tls13 && key == KeyType.RSA;
            case ECDSA_OR_EDDSA -> !tls13 && key != KeyType.RSA;
        };
    }

    private static @Nullable Suite withCode(int code) {
        for (Suite suite : values()) {
            if (suite.code == code) {
                return suite;
            }
        }
        return null;
    }
}
