package io.staplegate.probe;

import org.bouncycastle.tls.ProtocolVersion;

/** The versions of TLS that a device may speak. */
public enum TlsVersion {
    TLS12,
    TLS13;

    ProtocolVersion engines() {
        return switch (this) {
            case TLS12 -> ProtocolVersion.TLSv12;
            case TLS13 -> ProtocolVersion.TLSv13;
        };
    }
}
