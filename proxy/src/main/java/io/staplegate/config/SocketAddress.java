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
        /**
         * Reads {@code host:port} or {@code [v6]:port}.
         *
         * @throws IllegalArgumentException if it is not written like one; the message quotes it
         */
        public static HostPort parse(String text) {
            return switch (AddressNotation.hostPort(text)) {
                case Parsed.Value<HostPort>(HostPort address) -> address;
                case Parsed.Invalid<HostPort> invalid -> throw new IllegalArgumentException(invalid.message());
            };
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
