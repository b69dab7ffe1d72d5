package io.staplegate.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.DemoDirectory;
import io.staplegate.demo.DemoPki;
import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import io.staplegate.demo.TcpBackend;
import io.staplegate.demo.UdpBackend;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

/** What stands around a proxy: certificates and a configuration in a folder, a responder, backends that echo. */
record Site(DemoDirectory directory, StatusBook book, Responder responder, TcpBackend backend, UdpBackend datagrams)
        implements AutoCloseable {
    private static final Duration LONG = Duration.ofHours(1);

    static Site in(Path folder) throws IOException {
        StatusBook book = new StatusBook(Duration.ofHours(8), InstantSource.system());
        Site site = new Site(
                new DemoDirectory(folder), book, Responder.start(0, book), TcpBackend.start(0), UdpBackend.start(0));
        DemoPki pki = site.pki();
        book.open(pki.root()).open(pki.intermediate());
        site.configure(0, 0);
        return site;
    }

    /** Writes the configuration with these ports for devices. */
    void configure(int tls, int dtls) throws IOException {
        directory.configure(new DemoDirectory.Ports(tls, dtls, 0, null), backend.address(), datagrams.address());
    }

    /** The certificates; those that a test has deleted are issued anew. */
    DemoPki pki() throws IOException {
        return directory.pki(responder.url(), Instant.now());
    }

    Path configuration() {
        return directory.configuration();
    }

    void append(String yaml) throws IOException {
        Files.writeString(configuration(), yaml + "\n", UTF_8, StandardOpenOption.APPEND);
    }

    void replace(String before, String after) throws IOException {
        Files.writeString(configuration(), Files.readString(configuration()).replace(before, after));
    }

    /** A proxy in this process, that serves, and looks at its files when it is told to. */
    Proxy start() throws Exception {
        return start(LONG);
    }

    Proxy start(Duration watchInterval) throws Exception {
        return start(watchInterval, InstantSource.system());
    }

    /** The same on another clock than the responder's. */
    Proxy start(Duration watchInterval, InstantSource clock) throws Exception {
        Proxy proxy = make(watchInterval, clock);
        proxy.bind();
        proxy.serve();
        return proxy;
    }

    /** A proxy that has opened no port yet. */
    Proxy make() {
        return make(LONG, InstantSource.system());
    }

    private Proxy make(Duration watchInterval, InstantSource clock) {
        Inspection inspection = Inspection.of(configuration(), Map.of(), Instant.now());
        assertThat(inspection).isInstanceOf(Inspection.Accepted.class);
        return new Proxy(configuration(), (Inspection.Accepted) inspection, clock, new Telemetry(clock), watchInterval);
    }

    Device connect(Map<String, Integer> ports) throws Exception {
        return Device.connect(directory.ca(), port(ports, "tls"));
    }

    /** What the admin endpoint answers. */
    static HttpResponse<String> get(Map<String, Integer> ports, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port(ports, "admin") + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    static int port(Map<String, Integer> ports, String name) {
        return Objects.requireNonNull(ports.get(name), name);
    }

    @Override
    public void close() throws IOException {
        backend.close();
        datagrams.close();
        responder.close();
    }
}
