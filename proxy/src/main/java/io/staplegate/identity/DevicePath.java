package io.staplegate.identity;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The certification path of a device, as it was validated (RFC 5280 §6).
 *
 * @param certificates the device's own first, the trust anchor's last: two or more
 * @param name what the device is known by, or null where its certificate has no such name
 * @param staple the OCSP response in DER that the device sent for its own certificate (RFC 8446 §4.4.2.1), not judged
 *     yet; null without one
 */
public record DevicePath(
        List<X509Certificate> certificates, @Nullable String name, byte @Nullable [] staple) {
    public DevicePath {
        certificates = List.copyOf(certificates);
    }

    /** Without a staple. */
    public DevicePath(List<X509Certificate> certificates, @Nullable String name) {
        this(certificates, name, null);
    }

    /** The device's own certificate. */
    public X509Certificate leaf() {
        return certificates.getFirst();
    }

    /** When the first certificate of it expires. */
    public Instant end() {
        return certificates.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }
}
