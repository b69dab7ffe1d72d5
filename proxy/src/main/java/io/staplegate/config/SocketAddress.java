package io.staplegate.config;

import java.net.URI;
import java.nio.file.Path;

/** Where a socket is: {@code host:port}, {@code [v6]:port} or {@code unix:/path}. */
public sealed interface SocketAddress {
    /**
     * A TCP or UDP address. The host is as written, without brackets, and not resolved.
     *
     * @param port 0 to 65535; 0 picks a free one
     */
    record HostPort(String host, int port) implements SocketAddress {
        /** Where an http or https URL leads. */
        static HostPort of(URI url) {
            int standard = "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
            String host = url.getHost().replaceAll("[\\[\\]]", ""); // java.net.URI keeps the brackets of IPv6
            return new HostPort(host, url.getPort() < 0 ? standard : url.getPort());
        }

        @Override
        public String toString() {
            return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
        }
    }

    /** A Unix domain socket. */
    record UnixPath(Path path) implements SocketAddress {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }
}
