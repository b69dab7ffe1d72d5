package io.staplegate.probe;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import org.bouncycastle.tls.CipherSuite;

/** The cipher suites that a device offers, by their IANA names; ChaCha20 first would say that it has no AES. */
enum OfferedSuite {
    TLS_AES_128_GCM_SHA256(CipherSuite.TLS_AES_128_GCM_SHA256, TlsVersion.TLS13),
    TLS_CHACHA20_POLY1305_SHA256(CipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsVersion.TLS13),
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256(
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TlsVersion.TLS12, TlsVersion.DTLS12),
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256(
            CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TlsVersion.TLS12, TlsVersion.DTLS12),
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256(
            CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TlsVersion.TLS12, TlsVersion.DTLS12),
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256(
            CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, TlsVersion.TLS12, TlsVersion.DTLS12),
    TLS_ECDHE_ECDSA_WITH_AES_128_CCM(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM, TlsVersion.DTLS12),
    TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8, TlsVersion.DTLS12);

    private final int code;
    private final Set<TlsVersion> versions;

    OfferedSuite(int code, TlsVersion... versions) {
        this.code = code;
        this.versions = Set.of(versions);
    }

    /** Those of a device that speaks these versions. */
    static int[] codes(Collection<TlsVersion> spoken) {
        return Arrays.stream(values())
                .filter(suite -> !Collections.disjoint(suite.versions, spoken))
                .mapToInt(suite -> suite.code)
                .toArray();
    }

    /** The suite with a code; the engine lets a server choose no other. */
    static OfferedSuite withCode(int code) {
        return Arrays.stream(values())
                .filter(suite -> suite.code == code)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a suite that was not offered: " + code));
    }
}
