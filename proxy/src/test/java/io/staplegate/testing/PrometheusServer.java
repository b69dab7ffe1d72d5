package io.staplegate.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Debian's Prometheus in a folder of its own, which scrapes one proxy under the job's name that the alerts expect. */
public final class PrometheusServer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** While it starts. */
    private static final int UNAVAILABLE = 503;

    private final HttpClient client = HttpClient.newHttpClient();
    private final RunningProgram program;
    private final String url;

    private PrometheusServer(RunningProgram program, String url) {
        this.program = program;
        this.url = url;
    }

    /**
     * Starts it, and waits until it has scraped once.
     *
     * @param admin the port of the proxy's metrics
     * @param interval of scrapes, and of looks at the rules
     * @param rules the text of a file of rules
     */
    public static PrometheusServer scraping(Path folder, int admin, Duration interval, String rules)
            throws IOException {
        ExternalProgram prometheus = ExternalProgram.named("prometheus");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("rules.yaml"), rules);
        Path config = Files.writeString(folder.resolve("prometheus.yaml"), """
                global:
                  scrape_interval: %1$dms
                  scrape_timeout: %1$dms
                  evaluation_interval: %1$dms
                rule_files: [rules.yaml]
                scrape_configs:
                  - job_name: staplegate
                    static_configs:
                      - targets: ["127.0.0.1:%2$d"]
                """.formatted(interval.toMillis(), admin));
        String address = "127.0.0.1:" + freePort();
        RunningProgram program = prometheus
                .in(folder)
                .start(
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=" + address,
                        "--log.level=warn");
        PrometheusServer server = new PrometheusServer(program, "http://" + address);
        await().atMost(Duration.ofSeconds(30)).until(() -> server.isScraping());
        return server;
    }

    private boolean isScraping() {
        try {
            return !query("up == 1").isEmpty();
        } catch (UncheckedIOException e) {
            return false; // it does not listen yet
        }
    }

    /** The series that an expression has now; fails where it cannot be parsed. */
    public List<JsonNode> query(String expression) {
        JsonNode answer = get("/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8));
        assertThat(answer.path("status").asString())
                .as(() -> expression + ": " + answer.path("error").asString())
                .isEqualTo("success");
        return List.copyOf(answer.path("data").path("result").values());
    }

    private JsonNode get(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == UNAVAILABLE) {
                throw new IOException(response.body());
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        client.close();
        program.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
