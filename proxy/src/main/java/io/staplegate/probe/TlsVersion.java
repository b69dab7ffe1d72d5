package io.staplegate.probe;

import java.util.Arrays;
import org.bouncycastle.tls.ProtocolVersion;

/** The versions of TLS, and of DTLS, that a device may speak. */
public enum TlsVersion {
    TLS12("TLSv1.2", ProtocolVersion.TLSv12),
    TLS13("TLSv1.3", ProtocolVersion.TLSv13),
    DTLS12("DTLSv1.2", ProtocolVersion.DTLSv12);

    private final String label;
    private final ProtocolVersion engines;

    TlsVersion(String label, ProtocolVersion engines) {
        this.label = label;
        this.engines = engines;
    }

    /** As reports name it. */
    String label() {
        return label;
    }

    ProtocolVersion engines() {
        return engines;
    }

    /** The engine lets a server choose no version that was not offered. */
    static TlsVersion of(ProtocolVersion engines) {
        return Arrays.stream(values())
                .filter(version -> version.engines.equals(engines))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a version that was not offered: " + engines));
    }
}
