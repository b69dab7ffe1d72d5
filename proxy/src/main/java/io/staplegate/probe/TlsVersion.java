package io.staplegate.probe;

import java.util.Arrays;
import org.bouncycastle.tls.ProtocolVersion;

/** The versions of TLS, and of DTLS, that a device may speak. */
public enum TlsVersion {
    TLS12("TLSv1.2"),
    TLS13("TLSv1.3"),
    DTLS12("DTLSv1.2");

    private final String label;

    TlsVersion(String label) {
        this.label = label;
    }

    /** As reports name it. */
    String label() {
        return label;
    }

    ProtocolVersion engines() {
        return switch (this) {
            case TLS12 -> ProtocolVersion.TLSv12;
            case TLS13 -> ProtocolVersion.TLSv13;
            case DTLS12 -> ProtocolVersion.DTLSv12;
        };
    }

    /** The engine lets a server choose no version that was not offered. */
    static TlsVersion of(ProtocolVersion negotiated) {
        return Arrays.stream(values())
                .filter(version -> version.engines().equals(negotiated))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a version that was not offered: " + negotiated));
    }
}
