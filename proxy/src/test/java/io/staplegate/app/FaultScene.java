package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.app.FaultCourse.Visit;
import io.staplegate.demo.DemoDirectory;
import io.staplegate.demo.DemoPki;
import io.staplegate.demo.StatusBook;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.testing.FaultyResponder;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A whole proxy in a folder, with a listener and a store, before a responder of its own, and on a clock that is set.
 * The certificates of its chain, a server's and an intermediate's, have that responder in common.
 */
final class FaultScene implements Fault.Place, AutoCloseable {
    /** Of each answer of the responder, where it is honest. */
    static final Duration VALIDITY = Duration.ofHours(8);

    /** A staple ends so long before its nextUpdate. */
    static final Duration LEEWAY = Duration.ofMinutes(1);

    private static final Duration NEVER = Duration.ofDays(1);
    private static final Pattern URL = Pattern.compile("https?://[^\\]]+");

    private final DemoDirectory directory;
    private final DemoPki pki;
    private final FaultyResponder responder;
    private final Duration timeout;
    private final InetSocketAddress backend;
    private volatile Instant now;
    private Telemetry telemetry = new Telemetry(() -> now);
    private String identityLine = "";
    private @Nullable Proxy proxy;

    /**
     * A scene whose proxy does not run yet.
     *
     * @param timeout of each exchange with the responder
     */
    FaultScene(Path folder, Instant now, Duration timeout, InetSocketAddress backend) throws IOException {
        this.now = now;
        this.timeout = timeout;
        this.backend = backend;
        StatusBook book = new StatusBook(VALIDITY, () -> this.now);
        responder = FaultyResponder.start(book);
        directory = new DemoDirectory(folder);
        pki = directory.pki(responder.url(), now);
        book.open(pki.root()).open(pki.intermediate());
        writeConfiguration();
    }

    @Override
    public FaultyResponder responder() {
        return responder;
    }

    @Override
    public void configure(String line) throws IOException {
        if (line.equals(identityLine)) {
            return;
        }
        identityLine = line;
        writeConfiguration();
        if (proxy != null) {
            Counts before = reloads();
            proxy.reload();
            await().until(() -> !reloads().equals(before));
        }
    }

    Instant now() {
        return now;
    }

    void setClock(Instant other) {
        now = other;
    }

    /** Starts the proxy, unless it runs. */
    void start() throws Exception {
        if (proxy == null) {
            var accepted = (Inspection.Accepted) Inspection.of(directory.configuration(), Map.of(), now);
            proxy = new Proxy(directory.configuration(), accepted, () -> now, telemetry, NEVER);
            proxy.bind();
            proxy.serve();
        }
    }

    /** Stops the proxy, if it runs, and forgets its metrics. */
    void stop() {
        if (proxy != null) {
            proxy.close();
            proxy = null;
            telemetry = new Telemetry(() -> now);
        }
    }

    /** Has every certificate looked at twice, one look after the other, so that one has begun after this call. */
    void refresh() throws IOException {
        for (int i = 0; i < 2; i++) {
            URI refresh = URI.create("http://127.0.0.1:" + port("admin") + "/refresh");
            HttpURLConnection request = (HttpURLConnection) refresh.toURL().openConnection();
            request.setRequestMethod("POST");
            assertThat(request.getResponseCode()).isEqualTo(200);
        }
    }

    /** What a device gets now. */
    Visit visit() throws Exception {
        List<X509Certificate> chain = List.of(
                pki.server(), pki.intermediate().certificate(), pki.root().certificate());
        return Visit.of(StapledHandshake.with(port("tls"), chain.getLast()), chain, now);
    }

    /** The series of a metric. */
    Counts counts(String metric, String label) {
        return Counts.of(telemetry, metric, label);
    }

    /** What is known of the server's certificate, as the metric has it. */
    String status() {
        String leaf = "certificate=\"" + serial(pki.server()) + "\"";
        return Counts.of(telemetry, "staplegate_staple_status", "status", leaf).words();
    }

    /** What lines of the log name, where they are about the certificates, or about the responder that is asked. */
    List<String> names() {
        Matcher configured = URL.matcher(identityLine);
        String asked = configured.find() ? configured.group() : responder.url().toString();
        return List.of(asked, serial(pki.server()), serial(pki.intermediate().certificate()));
    }

    @Override
    public void close() {
        stop();
        responder.close();
    }

    private Counts reloads() {
        return counts("staplegate_config_reloads_total", "outcome");
    }

    private int port(String name) {
        return Site.port(Objects.requireNonNull(proxy).ports(), name);
    }

    private static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16);
    }

    private void writeConfiguration() throws IOException {
        Files.writeString(directory.configuration(), """
                identities:
                  - name: gateway
                    certificate: chain.pem
                    key: server.key
                    issuers: ca.pem
                    %s
                backends:
                  - name: echo
                    address: 127.0.0.1:%d
                listeners:
                  - name: tls
                    bind: 127.0.0.1:0
                    identities: [gateway]
                    backend: echo
                ocsp:
                  leeway: %ds
                  timeout: %ds
                state:
                  directory: state
                admin:
                  bind: 127.0.0.1:0
                """.formatted(
                        identityLine, backend.getPort(), LEEWAY.toSeconds(), timeout.toSeconds()));
    }
}
