package io.staplegate.probe;

import java.util.Arrays;
import org.bouncycastle.tls.CipherSuite;

/** The cipher suites that a device offers, by their IANA names; ChaCha20 first would say that it has no AES. */
enum OfferedSuite {
    TLS_AES_128_GCM_SHA256(CipherSuite.TLS_AES_128_GCM_SHA256),
    TLS_CHACHA20_POLY1305_SHA256(CipherSuite.TLS_CHACHA20_POLY1305_SHA256),
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256),
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256(CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256),
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256(CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256);

    private final int code;

    OfferedSuite(int code) {
        this.code = code;
    }

    static int[] codes() {
        return Arrays.stream(values()).mapToInt(suite -> suite.code).toArray();
    }

    /** The suite with a code; the engine lets a server choose no other. */
    static OfferedSuite withCode(int code) {
        return Arrays.stream(values())
                .filter(suite -> suite.code == code)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a suite that was not offered: " + code));
    }
}
