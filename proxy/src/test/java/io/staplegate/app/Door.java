package io.staplegate.app;

import io.staplegate.app.MutualDevice.Protocol;
import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.config.ClientAuthConfig.WithoutSource;
import io.staplegate.testing.DatagramBackend;
import io.staplegate.testing.StreamBackend;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One listener of a {@link DeviceScene}, and the backend behind it that is nobody else's. */
final class Door implements AutoCloseable {
    /** What devices meet: a policy, over TLS or DTLS. */
    record Kind(Policy policy, WithoutSource whenNoSource, boolean isDatagrams) {
        static Kind of(Policy policy, WithoutSource whenNoSource, Protocol protocol) {
            return new Kind(policy, whenNoSource, protocol.isDatagrams());
        }

        /** Of the listener, and of its backend. */
        String name() {
            return (policy + "-" + whenNoSource + (isDatagrams ? "-dtls" : "-tls")).toLowerCase(Locale.ROOT);
        }
    }

    private final Kind kind;
    private final int port;
    private final @Nullable StreamBackend stream;
    private final @Nullable DatagramBackend datagrams;

    /** A port that was free a moment ago, and a backend that listens. */
    Door(Kind kind) throws IOException {
        this.kind = kind;
        this.port = freePort(kind.isDatagrams);
        this.stream = kind.isDatagrams ? null : StreamBackend.start();
        this.datagrams = kind.isDatagrams ? DatagramBackend.start() : null;
    }

    private static int freePort(boolean isDatagrams) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        if (isDatagrams) {
            try (DatagramSocket socket = new DatagramSocket(0, loopback)) {
                return socket.getLocalPort();
            }
        }
        try (ServerSocket socket = new ServerSocket(0, 1, loopback)) {
            return socket.getLocalPort();
        }
    }

    Kind kind() {
        return kind;
    }

    int port() {
        return port;
    }

    /** How many connections, or datagrams, have reached the backend. */
    int reached() {
        return stream != null
                ? stream.connections()
                : Objects.requireNonNull(datagrams).heard().size();
    }

    /** What the configuration says of the backend. */
    String backendYaml() {
        InetSocketAddress address = stream != null
                ? stream.address()
                : Objects.requireNonNull(datagrams).address();
        return """
                  - name: %s
                    address: 127.0.0.1:%d
                    transport: %s
                """.formatted(kind.name(), address.getPort(), kind.isDatagrams ? "udp" : "tcp");
    }

    /** What it says of the listener. {@code datagrams}: a line of it, over DTLS. */
    String listenerYaml(Duration budget, Duration grace, String datagrams) {
        return """
                  - name: %s
                    bind: 127.0.0.1:%d
                    protocol: %s
                    identities: [gateway]
                    backend: %1$s
                    clientAuth:
                      trustAnchors: devices.pem
                      revocation:
                        policy: "%s"
                        whenNoSource: %s
                        budget: %dms
                        grace: %ds
                %s
                """.formatted(
                        kind.name(),
                        port,
                        kind.isDatagrams ? "dtls" : "tls",
                        kind.policy.toString().toLowerCase(Locale.ROOT),
                        kind.whenNoSource.toString().toLowerCase(Locale.ROOT),
                        budget.toMillis(),
                        grace.toSeconds(),
                        kind.isDatagrams ? datagrams.indent(4) : "");
    }

    @Override
    public void close() throws IOException {
        if (stream != null) {
            stream.close();
        }
        if (datagrams != null) {
            datagrams.close();
        }
    }
}
