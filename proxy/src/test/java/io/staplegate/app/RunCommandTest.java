package io.staplegate.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.staplegate.demo.DemoDirectory;
import io.staplegate.demo.DemoPki;
import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import io.staplegate.demo.TcpBackend;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proxy as a process: signals, drain, reload, and what keeps it from starting. */
final class RunCommandTest {
    @TempDir
    private Path folder;

    private DemoDirectory demo;
    private DemoPki pki;
    private Responder responder;
    private TcpBackend backend;

    @BeforeEach
    void prepare() throws IOException {
        StatusBook book = new StatusBook(Duration.ofHours(8), InstantSource.system());
        responder = Responder.start(0, book);
        backend = TcpBackend.start(0);
        demo = new DemoDirectory(folder.resolve("demo"));
        pki = demo.pki(responder.url(), Instant.now());
        book.open(pki.root()).open(pki.intermediate());
        demo.configure(0, 0, backend.address());
    }

    @AfterEach
    void tearDown() throws IOException {
        backend.close();
        responder.close();
    }

    @Test
    void theFirstHandshakeIsStapledAlsoAfterARestartWithoutTheResponder() throws Exception {
        try (ChildProcess proxy = run();
                Device device = Device.connect(demo.ca(), proxy.port("tls"))) {
            assertThat(device.echo("hello")).isEqualTo("hello");
        }
        responder.close();
        try (ChildProcess proxy = run();
                Device device = Device.connect(demo.ca(), proxy.port("tls"))) {
            assertThat(device.echo("hello")).isEqualTo("hello");
        }
    }

    @Test
    void sigtermLetsOpenSessionsGoOnThenExitsZero() throws Exception {
        try (ChildProcess proxy = run();
                Device device = Device.connect(demo.ca(), proxy.port("tls"))) {
            assertThat(device.echo("before")).isEqualTo("before");
            assertThat(get(proxy, "/readyz").statusCode()).isEqualTo(200);
            proxy.signal("TERM");
            proxy.awaitLog("draining");
            assertThat(get(proxy, "/readyz").statusCode()).isEqualTo(503);
            assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(() -> new Socket("127.0.0.1", proxy.port("tls")).close());
            assertThat(device.echo("still here")).isEqualTo("still here");
            device.close();
            assertThat(proxy.exit()).isZero();
        }
    }

    @Test
    void whatIsStillOpenAfterTheDrainGetsACloseNotify() throws Exception {
        append("shutdown: { drainTimeout: 100ms }");
        try (ChildProcess proxy = run();
                Device device = Device.connect(demo.ca(), proxy.port("tls"))) {
            device.echo("hello");
            proxy.signal("TERM");
            assertThat(device.readEnd()).isEqualTo(-1);
            assertThat(proxy.exit()).isZero();
        }
    }

    @Test
    void aSecondSignalCutsTheDrainShort() throws Exception {
        append("shutdown: { drainTimeout: 1h }");
        try (ChildProcess proxy = run();
                Device device = Device.connect(demo.ca(), proxy.port("tls"))) {
            device.echo("hello");
            proxy.signal("INT");
            proxy.awaitLog("draining");
            proxy.signal("INT");
            assertThat(device.readEnd()).isEqualTo(-1);
            assertThat(proxy.exit()).isZero();
        }
    }

    @Test
    void sighupServesTheNewCertificateWithItsStapleAndKeepsOpenSessions() throws Exception {
        try (ChildProcess proxy = run();
                Device before = Device.connect(demo.ca(), proxy.port("tls"))) {
            Files.delete(demo.chain());
            DemoPki renewed = demo.pki(responder.url(), Instant.now());
            assertThat(renewed.server()).isNotEqualTo(pki.server());
            proxy.signal("HUP");
            proxy.awaitLog("reloaded");
            assertThat(before.echo("hello")).isEqualTo("hello");
        }
    }

    @Test
    void sighupWithAMistakeKeepsWhatIsInForceAndSaysWhy() throws Exception {
        try (ChildProcess proxy = run()) {
            Files.writeString(demo.chain(), "no certificate");
            proxy.signal("HUP");
            proxy.awaitLog("not reloaded");
            assertThat(ChildProcess.read(proxy.err())).contains("identities[0].certificate");
            assertThat(get(proxy, "/metrics").body()).contains("staplegate_config_reloads_total{outcome=\"refused\"} 1");
            try (Device device = Device.connect(demo.ca(), proxy.port("tls"))) {
                assertThat(device.server()).isEqualTo(pki.server());
            }
        }
    }

    @Test
    void sighupWithAnotherBackendSaysThatItNeedsARestart() throws Exception {
        try (ChildProcess proxy = run()) {
            String yaml = Files.readString(demo.configuration());
            Files.writeString(demo.configuration(), yaml.replace("name: echo", "name: echo\n    connectTimeout: 1s"));
            proxy.signal("HUP");
            proxy.awaitLog("not reloaded");
            assertThat(ChildProcess.read(proxy.err()))
                    .contains("changed, which needs a restart key=\"backends[0].connectTimeout\"");
        }
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            demo.configure(other.getLocalPort(), 0, backend.address());
            Outcome outcome = Outcome.of("run", "--config", demo.configuration());
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err())
                    .startsWith("error: listeners[0].bind: ")
                    .contains("127.0.0.1:" + other.getLocalPort())
                    .doesNotContain("Exception");
        }
    }

    @Test
    void aConfigurationThatIsWrongExitsWith78AndEveryProblem() throws IOException {
        append("surprise: 1\nocsp: { leeway: 5 }");
        Outcome outcome = Outcome.of("run", "--config", demo.configuration());
        assertThat(outcome.exit()).isEqualTo(78);
        assertThat(outcome.err()).contains("surprise").contains("ocsp.leeway");
        assertThat(Outcome.of("check", "--config", demo.configuration()))
                .isEqualTo(new Outcome(78, "", outcome.err()));
    }

    @Test
    void checkOpensNoSocketAndSaysOk() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            demo.configure(other.getLocalPort(), other.getLocalPort() == 1 ? 2 : 1, backend.address());
            assertThat(Outcome.of("check", "--config", demo.configuration()).out().strip()).isEqualTo("ok");
        }
    }

    private ChildProcess run() throws IOException {
        return ChildProcess.serving(folder, "run", "--config", demo.configuration());
    }

    private void append(String yaml) throws IOException {
        Files.writeString(demo.configuration(), yaml + "\n", UTF_8, StandardOpenOption.APPEND);
    }

    private static HttpResponse<String> get(ChildProcess proxy, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + proxy.port("admin") + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
