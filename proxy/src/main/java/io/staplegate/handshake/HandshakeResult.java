package io.staplegate.handshake;

import io.staplegate.identity.DeviceNames;
import io.staplegate.identity.DevicePath;
import io.staplegate.relay.CertifiedDevice;
import io.staplegate.relay.SessionFacts;
import io.staplegate.telemetry.Telemetry.StapleKind;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a finished handshake agreed on.
 *
 * @param version {@code TLSv1.2}, {@code TLSv1.3} or {@code DTLSv1.2}
 * @param suite the cipher suite's IANA name
 * @param serverName what the client asked for by SNI
 * @param alpn the application protocol
 * @param stapleKind what was stapled; {@code NONE} in a resumed handshake, and with a pre-shared key {@code
 *     NOT_REQUESTED}: there is no certificate of which a status could be asked
 * @param resumed whether the handshake was abbreviated
 * @param device the device's validated path, where it sent a certificate, now or in the handshake that this resumes
 * @param pskIdentity what the device called itself where it has a pre-shared key (RFC 4279)
 * @param identity whose certificate was shown; null with a pre-shared key
 * @param connectionId what the device puts into its records for the proxy (RFC 9146), where that was agreed on
 */
public record HandshakeResult(
        String version,
        String suite,
        @Nullable String serverName,
        @Nullable String alpn,
        StapleKind stapleKind,
        boolean resumed,
        @Nullable DevicePath device,
        byte @Nullable [] pskIdentity,
        @Nullable String identity,
        byte @Nullable [] connectionId) {

    /** The same for the relay. {@code destination}: the local address that the device spoke to. */
    public SessionFacts facts(String listener, InetSocketAddress source, InetSocketAddress destination) {
        return new SessionFacts(
                listener,
                source,
                destination,
                version,
                suite,
                serverName,
                alpn,
                stapleKind.name().toLowerCase(Locale.ROOT),
                resumed,
                device == null ? null : new CertifiedDevice(DeviceNames.commonName(device.leaf()), device.name()),
                pskIdentity,
                identity);
    }
}
