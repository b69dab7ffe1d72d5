package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.staplegate.demo.DemoDirectory;
import io.staplegate.demo.DemoPki;
import io.staplegate.demo.IssuedCrl;
import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import io.staplegate.demo.TcpBackend;
import io.staplegate.demo.UdpBackend;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.testing.ExternalProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** A proxy as one that is operated has it: both protocols, devices that are checked, a mirror, the process observed. */
final class OperatedProxy implements AutoCloseable {
    private final DemoDirectory directory;
    private final Responder responder;
    private final TcpBackend backend = TcpBackend.start(0);
    private final UdpBackend datagrams = UdpBackend.start(0);
    private final Proxy proxy;

    /** Starts it, with what it needs. {@code validity}: of each response. */
    OperatedProxy(Path folder, Duration validity) throws Exception {
        directory = new DemoDirectory(folder);
        StatusBook book = new StatusBook(validity, InstantSource.system());
        responder = Responder.start(0, (request, context) -> {
            FullHttpResponse response = Responder.response(book.answer(request.ocsp()));
            String date =
                    DateTimeFormatter.RFC_1123_DATE_TIME.format(Instant.now().atOffset(ZoneOffset.UTC));
            response.headers().set(HttpHeaderNames.DATE, date); // the clock guard reads it
            var _ = context.writeAndFlush(response);
        });
        DemoPki pki = directory.pki(responder.url(), Instant.now());
        book.open(pki.root()).open(pki.intermediate());
        IssuedCrl list = IssuedCrl.of(pki.intermediate(), Instant.now(), Duration.ofDays(7));
        Files.write(folder.resolve("devices.crl"), list.encode());
        Files.writeString(directory.configuration(), yaml());

        Inspection inspection = Inspection.of(directory.configuration(), Map.of(), Instant.now());
        assertThat(inspection.problems()).isEmpty();
        Telemetry telemetry = new Telemetry(InstantSource.system());
        telemetry.observeProcess();
        proxy = new Proxy(
                directory.configuration(),
                (Inspection.Accepted) inspection,
                InstantSource.system(),
                telemetry,
                Duration.ofDays(1));
        proxy.bind();
        proxy.serve();
    }

    private String yaml() {
        return """
                identities:
                  - { name: gateway, certificate: chain.pem, key: server.key, issuers: ca.pem, stapling: must }
                backends:
                  - { name: broker, address: "127.0.0.1:%d" }
                  - { name: coap, address: "127.0.0.1:%d", transport: udp }
                listeners:
                  - name: mqtts
                    bind: 127.0.0.1:0
                    identities: [gateway]
                    backend: broker
                    clientAuth:
                      mode: request
                      trustAnchors: ca.pem
                      intermediates: intermediate.pem
                      revocation: { policy: soft, crlFiles: [devices.crl] }
                  - { name: coaps, bind: "127.0.0.1:0", protocol: dtls, identities: [gateway], backend: coap }
                ocsp: { leeway: 2s }
                state: { directory: state }
                mirror: { bind: "127.0.0.1:0" }
                admin: { bind: "127.0.0.1:0" }
                """.formatted(backend.address().getPort(), datagrams.address().getPort());
    }

    int admin() {
        return port("admin");
    }

    InetSocketAddress tls() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port("tls"));
    }

    InetSocketAddress dtls() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port("dtls"));
    }

    /** What a scrape gets. */
    String metrics() throws Exception {
        return Site.get(proxy.ports(), "/metrics").body();
    }

    /** One device over TLS, one over DTLS, and one that shows a certificate. */
    void serveDevices() throws Exception {
        try (Device device = Device.connect(directory.ca(), port("tls"));
                DatagramDevice other = DatagramDevice.connect(port("dtls"))) {
            assertThat(device.echo("hello")).isEqualTo("hello");
            assertThat(other.echo("hello")).isEqualTo("hello");
        }
        var outcome = ExternalProgram.named("openssl")
                .run(
                        "s_client",
                        "-connect",
                        "localhost:" + port("tls"),
                        "-CAfile",
                        directory.ca(),
                        "-cert",
                        directory.device(),
                        "-key",
                        directory.deviceKey());
        assertThat(outcome.exit()).as(outcome.output()).isZero();
    }

    /** Takes the responder away. */
    void stopResponder() {
        responder.close();
    }

    /** Has every certificate looked at now. */
    void refresh() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin() + "/refresh"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            client.send(request, HttpResponse.BodyHandlers.discarding());
        }
    }

    private int port(String name) {
        return Site.port(proxy.ports(), name);
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        responder.close();
        backend.close();
        datagrams.close();
    }
}
