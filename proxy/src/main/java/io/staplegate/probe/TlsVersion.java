package io.staplegate.probe;

import org.bouncycastle.tls.ProtocolVersion;

/** The versions of TLS that a device may speak. */
public enum TlsVersion {
    TLS12(ProtocolVersion.TLSv12),
    TLS13(ProtocolVersion.TLSv13);

    private final ProtocolVersion engines;

    TlsVersion(ProtocolVersion engines) {
        this.engines = engines;
    }

    ProtocolVersion engines() {
        return engines;
    }
}
