package io.staplegate.probe;

import io.staplegate.config.ListenerConfig.Protocol;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to probe, and as what kind of device.
 *
 * @param protocol TLS over TCP, or DTLS over UDP
 * @param host name or address, without brackets
 * @param trusted CA certificates; null: those that the JDK trusts
 * @param serverName sent as SNI, and looked for in the certificate; null: the host (an address is not sent)
 * @param status what the device asks for; {@code V2} makes it speak TLS 1.2 alone: TLS 1.3 has no such thing (R29)
 * @param timeout as of {@link DeviceHandshake}
 */
public record ProbeRequest(
        Protocol protocol,
        String host,
        int port,
        @Nullable Set<X509Certificate> trusted,
        @Nullable String serverName,
        StatusWish status,
        Duration timeout) {

    /** The name, or address, that the certificate must be for. */
    String expectedName() {
        return serverName == null ? host : serverName;
    }
}
