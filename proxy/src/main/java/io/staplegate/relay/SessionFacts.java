package io.staplegate.relay;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a finished handshake tells the relay. The security layer fires it once as a user event; the relay then connects
 * to the backend.
 *
 * @param listener name of the listener
 * @param source the device's address
 * @param destination the local address that the device reached
 * @param version {@code TLSv1.2}, {@code TLSv1.3} or {@code DTLSv1.2}
 * @param suite the cipher suite's IANA name
 * @param serverName what the device asked for by SNI
 * @param alpn the application protocol agreed on
 * @param stapleKind the value of the metric's {@code kind} label
 * @param resumed whether the handshake was abbreviated
 * @param certified the device, where it has shown a certificate
 * @param pskIdentity what the device called itself where it has a pre-shared key (RFC 4279)
 * @param identity whose certificate the device was shown; null where it has a pre-shared key
 */
public record SessionFacts(
        String listener,
        InetSocketAddress source,
        InetSocketAddress destination,
        String version,
        String suite,
        @Nullable String serverName,
        @Nullable String alpn,
        String stapleKind,
        boolean resumed,
        @Nullable CertifiedDevice certified,
        byte @Nullable [] pskIdentity,
        @Nullable String identity) {

    /** What the device is called by the credentials that it has shown, or null. */
    @Nullable
    String deviceName() {
        if (pskIdentity != null) {
            return new String(pskIdentity, StandardCharsets.UTF_8);
        }
        return certified == null ? null : certified.name();
    }

    /** The device's address, as people read it. */
    String sourceText() {
        return NetUtil.toSocketAddressString(source);
    }

    /** The same of a device that is at another address now (R49). */
    public SessionFacts movedTo(InetSocketAddress other) {
        return new SessionFacts(
                listener,
                other,
                destination,
                version,
                suite,
                serverName,
                alpn,
                stapleKind,
                resumed,
                certified,
                pskIdentity,
                identity);
    }
}
