package io.staplegate.probe;

import java.util.Arrays;
import java.util.Collection;
import org.bouncycastle.tls.CipherSuite;

/** The cipher suites that a device offers, by their IANA names; ChaCha20 first would say that it has no AES. */
enum OfferedSuite {
    TLS_AES_128_GCM_SHA256(CipherSuite.TLS_AES_128_GCM_SHA256),
    TLS_CHACHA20_POLY1305_SHA256(CipherSuite.TLS_CHACHA20_POLY1305_SHA256),
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256),
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256(CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256),
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256(CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256),
    TLS_ECDHE_ECDSA_WITH_AES_128_CCM(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM),
    TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8);

    private final int code;

    OfferedSuite(int code) {
        this.code = code;
    }

    /** Those of a device that speaks these versions. */
    static int[] codes(Collection<TlsVersion> spoken) {
        return Arrays.stream(values())
                .filter(suite -> spoken.stream().anyMatch(suite::isOfferedIn))
                .mapToInt(suite -> suite.code)
                .toArray();
    }

    /** CCM is what constrained devices have, and those speak DTLS (RFC 7925 §4.4). */
    private boolean isOfferedIn(TlsVersion version) {
        return switch (this) {
            case TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256 -> version == TlsVersion.TLS13;
            case TLS_ECDHE_ECDSA_WITH_AES_128_CCM, TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8 -> version == TlsVersion.DTLS12;
            default -> version != TlsVersion.TLS13;
        };
    }

    /** The suite with a code; the engine lets a server choose no other. */
    static OfferedSuite withCode(int code) {
        return Arrays.stream(values())
                .filter(suite -> suite.code == code)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a suite that was not offered: " + code));
    }
}
