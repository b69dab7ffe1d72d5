package io.staplegate.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * A server behind the proxy: an entry of {@code backends}.
 *
 * @param name unique among backends
 * @param address one or more, tried in order and resolved again for each connection
 * @param transport {@code tcp} or {@code udp}
 * @param proxyProtocol whether each connection starts with a PROXY protocol v2 header
 * @param sourceAddresses local addresses to spread sessions over ({@code udp})
 * @param connectTimeout for each address
 */
public record BackendConfig(
        String name,
        @OneOrMore @Range(min = "1") List<SocketAddress> address,
        @Default("tcp") Transport transport,
        @Default("off") ProxyProtocol proxyProtocol,
        List<InetAddress> sourceAddresses,
        @Default("5s") Duration connectTimeout) {

    /** The transport protocol to a backend. */
    public enum Transport {
        TCP,
        UDP
    }

    /** Whether, and in which version, the PROXY protocol is spoken to a backend. */
    public enum ProxyProtocol {
        OFF,
        V2
    }
}
