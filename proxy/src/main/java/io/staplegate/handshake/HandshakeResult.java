package io.staplegate.handshake;

import io.staplegate.telemetry.Telemetry.StapleKind;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * What a finished handshake agreed on.
 *
 * @param version {@code TLSv1.2} or {@code TLSv1.3}
 * @param suite the cipher suite's IANA name
 * @param serverName what the client asked for by SNI
 * @param alpn the application protocol
 * @param stapleKind what was stapled; {@code NONE} in a resumed handshake
 * @param resumed whether the handshake was abbreviated
 * @param deviceCertificate the device's own certificate, where it sent one
 */
public record HandshakeResult(
        String version,
        String suite,
        @Nullable String serverName,
        @Nullable String alpn,
        StapleKind stapleKind,
        boolean resumed,
        @Nullable X509Certificate deviceCertificate) {}
