package io.staplegate.interop;

import io.staplegate.demo.DemoPki;
import io.staplegate.testing.DatagramBackend;
import io.staplegate.testing.ProxyProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A {@link StapledServer} with one DTLS listener, {@code coaps}, before a UDP backend: one that echoes, or another. */
final class DtlsServer implements AutoCloseable {
    private final StapledServer server;
    private final DatagramBackend echo;
    private final String settings;

    private DtlsServer(StapledServer server, DatagramBackend echo, String settings) {
        this.server = server;
        this.echo = echo;
        this.settings = settings;
    }

    /** Everything but the proxy. {@code settings}: keys of the listener's {@code dtls}, with their values. */
    static DtlsServer in(Path folder, String... settings) throws IOException {
        StapledServer server = StapledServer.in(folder, Duration.ofHours(12));
        DatagramBackend echo = DatagramBackend.start();
        return new DtlsServer(server, echo, String.join(", ", settings)).before(echo.address());
    }

    /** Puts another backend behind the proxy, before it starts. */
    DtlsServer before(InetSocketAddress backend) throws IOException {
        Files.writeString(server.directory().configuration(), """
                identities:
                  - { name: gateway, certificate: chain.pem, key: server.key, issuers: ca.pem }
                backends:
                  - { name: devices, address: '127.0.0.1:%d', transport: udp }
                listeners:
                  - name: coaps
                    bind: 127.0.0.1:0
                    protocol: dtls
                    identities: [gateway]
                    backend: devices
                    handshakeTimeout: 60s
                    dtls: { %s }
                state: { directory: state }
                shutdown: { drainTimeout: 1s }
                admin: { bind: 127.0.0.1:0 }
                """.formatted(backend.getPort(), settings));
        return this;
    }

    /** Starts the proxy, and takes its responder away when it has what it needs. */
    DtlsServer start() throws IOException {
        server.start().loseResponder();
        return this;
    }

    /** Full handshakes that ended well since the start. */
    long fullHandshakes() {
        return handshakes("ok");
    }

    /** Handshakes that ended so since the start. */
    long handshakes(String outcome) {
        return Math.round(metric("staplegate_handshakes_total", "version=\"DTLSv1.2\"", "outcome=\"" + outcome + "\""));
    }

    double metric(String name, String... labels) {
        return Metrics.of(proxy().port("admin")).sum(name, List.of(labels));
    }

    ProxyProcess proxy() {
        return server.proxy();
    }

    int port() {
        return proxy().port("dtls");
    }

    /** The backend that is there unless another one was named. */
    DatagramBackend echo() {
        return echo;
    }

    DemoPki pki() {
        return server.pki();
    }

    /** What a device trusts, as a path for a command line. */
    String ca() {
        return server.ca();
    }

    @Override
    public void close() throws IOException {
        server.close();
        echo.close();
    }
}
