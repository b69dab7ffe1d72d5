package io.staplegate.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A local address that the proxy listens on. Names are compared as they are written, and never looked up.
 *
 * @param udp rather than TCP
 */
record Endpoint(SocketAddress.HostPort address, boolean udp) {
    /** Whether the two cannot be bound at once. Port 0 is a free one, so it never clashes. */
    boolean clashesWith(Endpoint other) {
        return udp == other.udp
                && hasPortOf(other.address)
                && (sameHost(other.address) || includes(other.address) || other.includes(address));
    }

    /** Whether what goes to an address surely ends here. {@code overUdp}: rather than over TCP. */
    boolean isReachedBy(SocketAddress.HostPort destination, boolean overUdp) {
        var host = literal(destination.host());
        return udp == overUdp
                && hasPortOf(destination)
                && (sameHost(destination) || (includes(destination) && host != null && host.isLoopbackAddress()));
    }

    /** Whether nobody but this machine surely reaches it. */
    boolean isLoopback() {
        var host = literal(address.host());
        return host != null && host.isLoopbackAddress();
    }

    private boolean hasPortOf(SocketAddress.HostPort other) {
        return address.port() == other.port() && address.port() != 0;
    }

    private boolean sameHost(SocketAddress.HostPort other) {
        var mine = literal(address.host());
        var theirs = literal(other.host());
        if (mine == null || theirs == null) {
            return address.host().equalsIgnoreCase(other.host());
        }
        return mine.equals(theirs);
    }

    /** Whether this is a wildcard that an address falls under: {@code ::} takes IPv4 too, {@code 0.0.0.0} no IPv6. */
    private boolean includes(SocketAddress.HostPort other) {
        var mine = literal(address.host());
        return mine != null
                && mine.isAnyLocalAddress()
                && (mine instanceof Inet6Address || !(literal(other.host()) instanceof Inet6Address));
    }

    private static @Nullable InetAddress literal(String host) {
        if (host.toLowerCase(Locale.ROOT).equals("localhost")) {
            return InetAddress.ofLiteral("127.0.0.1");
        }
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
