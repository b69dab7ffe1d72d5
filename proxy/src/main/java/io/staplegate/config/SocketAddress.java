package io.staplegate.config;

import java.nio.file.Path;

/** Where a socket is: {@code host:port}, {@code [v6]:port} or {@code unix:/path}. */
public sealed interface SocketAddress {
    /**
     * A TCP or UDP address. The host is as written, without brackets, and not resolved.
     *
     * @param port 0 to 65535; 0 picks a free one
     */
    record HostPort(String host, int port) implements SocketAddress {
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
