package io.staplegate.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A port that devices connect to: an entry of {@code listeners}.
 *
 * @param name unique among listeners
 * @param bind local address
 * @param protocol {@code tls} (1.2 and 1.3) or {@code dtls} (1.2)
 * @param identities names of identities, chosen by SNI; the first is the default, unless {@code strictSni}
 * @param backend name of the backend
 * @param strictSni refuse a handshake without a matching server name
 * @param alpn application protocols in order of preference; empty: ALPN is not negotiated
 * @param handshakeTimeout from accept to the end of the handshake
 * @param idleTimeout without a byte either way; absent: 1h for {@code tls}, 48h for {@code dtls}
 * @param maxConnections at once, on this listener
 * @param maxConnectionsPerSource at once, from one source address; 0: no limit
 * @param clientAuth absent: devices are not asked for a certificate
 * @param dtls what only {@code dtls} has
 */
public record ListenerConfig(
        String name,
        SocketAddress.HostPort bind,
        @Default("tls") Protocol protocol,
        @OneOrMore @RefersTo("identities") List<String> identities,
        @RefersTo("backends") String backend,
        @Default("false") boolean strictSni,
        List<String> alpn,
        @Default("10s") Duration handshakeTimeout,
        @Nullable Duration idleTimeout,
        @Default("100000") @Range(min = "1") int maxConnections,
        @Default("0") int maxConnectionsPerSource,
        @Nullable ClientAuthConfig clientAuth,
        DtlsConfig dtls) {

    /** The protocol that devices speak. */
    public enum Protocol {
        TLS,
        DTLS
    }

    /** The idle timeout in force: the configured one, or the protocol's own default. */
    public Duration effectiveIdleTimeout() {
        if (idleTimeout != null) {
            return idleTimeout;
        }
        return protocol == Protocol.TLS ? Duration.ofHours(1) : Duration.ofHours(48);
    }
}
