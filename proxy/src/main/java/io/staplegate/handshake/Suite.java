package io.staplegate.handshake;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.bouncycastle.tls.CipherSuite;
import org.jspecify.annotations.Nullable;

/**
 * The cipher suites, by their IANA names, in the order in which the proxy prefers them: forward secrecy before the
 * length of a tag, and AES-CCM-8 with its tag of 8 bytes last among equals.
 */
enum Suite {
    TLS_AES_128_GCM_SHA256(CipherSuite.TLS_AES_128_GCM_SHA256, KeyExchange.OF_TLS13),
    TLS_AES_256_GCM_SHA384(CipherSuite.TLS_AES_256_GCM_SHA384, KeyExchange.OF_TLS13),
    TLS_CHACHA20_POLY1305_SHA256(CipherSuite.TLS_CHACHA20_POLY1305_SHA256, KeyExchange.OF_TLS13),
    TLS_AES_128_CCM_SHA256(CipherSuite.TLS_AES_128_CCM_SHA256, KeyExchange.OF_TLS13),

    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256(
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, KeyExchange.ECDHE_ECDSA),
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, KeyExchange.ECDHE_RSA),
    TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384(
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, KeyExchange.ECDHE_ECDSA),
    TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384(CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, KeyExchange.ECDHE_RSA),
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256(
            CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, KeyExchange.ECDHE_ECDSA),
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256(
            CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, KeyExchange.ECDHE_RSA),
    TLS_ECDHE_ECDSA_WITH_AES_128_CCM(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM, KeyExchange.ECDHE_ECDSA),
    TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8, KeyExchange.ECDHE_ECDSA),

    TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256, KeyExchange.ECDHE_PSK),
    TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256, KeyExchange.ECDHE_PSK),
    TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256, KeyExchange.ECDHE_PSK),
    TLS_PSK_WITH_AES_128_GCM_SHA256(CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256, KeyExchange.PSK),
    TLS_PSK_WITH_AES_128_CCM(CipherSuite.TLS_PSK_WITH_AES_128_CCM, KeyExchange.PSK),
    TLS_PSK_WITH_AES_128_CCM_8(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8, KeyExchange.PSK);

    /** What a suite takes to agree on keys; a suite of TLS 1.3 does not say. */
    enum KeyExchange {
        OF_TLS13,
        /** Also with an EdDSA certificate (RFC 8422). */
        ECDHE_ECDSA,
        ECDHE_RSA,
        ECDHE_PSK,
        PSK
    }

    private final int code;
    private final KeyExchange keyExchange;

    Suite(int code, KeyExchange keyExchange) {
        this.code = code;
        this.keyExchange = keyExchange;
    }

    int code() {
        return code;
    }

    /** What a TLS listener has: no pre-shared keys, and no short tags, for TCP's devices have better. */
    static Set<Suite> ofTls() {
        return those(suite -> !suite.isPresharedKey() && !suite.isCcm8());
    }

    /**
     * What a DTLS 1.2 listener has; those with pre-shared keys count where it has any.
     *
     * @param rsa whether those for RSA certificates are among them
     */
    static Set<Suite> ofDtls(boolean rsa) {
        return those(suite ->
                suite.keyExchange != KeyExchange.OF_TLS13 && (rsa || suite.keyExchange != KeyExchange.ECDHE_RSA));
    }

    private static Set<Suite> those(Predicate<Suite> wanted) {
        return Arrays.stream(values())
                .filter(wanted)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Suite.class)));
    }

    /**
     * The suite for a ClientHello, or null where there is none in common. A client that puts ChaCha20 first has no AES
     * in hardware, so it gets that.
     *
     * @param offered by the client, in its order
     * @param enabled what the listener has
     * @param usable the key exchanges that client and server can do together
     */
    static @Nullable Suite choose(int[] offered, Set<Suite> enabled, Set<KeyExchange> usable) {
        EnumSet<Suite> common = EnumSet.noneOf(Suite.class);
        for (int code : offered) {
            Suite suite = withCode(code);
            if (suite == null || !enabled.contains(suite) || !usable.contains(suite.keyExchange)) {
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

    private boolean isCcm8() {
        return name().contains("CCM_8");
    }

    private boolean isPresharedKey() {
        return keyExchange == KeyExchange.ECDHE_PSK || keyExchange == KeyExchange.PSK;
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
