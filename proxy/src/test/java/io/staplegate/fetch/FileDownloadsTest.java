package io.staplegate.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.staplegate.fetch.Download.Version;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files from a server onto the disk. */
final class FileDownloadsTest {
    private static final int LARGEST = 100;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final HttpClient client =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
    private final FileDownloads downloads = new FileDownloads(
            client, new Exchange.Limits(TIMEOUT, LONGEST_WAIT), () -> true, LARGEST, new Places(2, 2));
    private HttpServer server;
    private Path target;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        target = directory.resolve("file");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        client.shutdownNow();
    }

    @Test
    void aFileReplacesWhatIsThere() throws Exception {
        Files.writeString(target, "something that is longer than the new one");
        answer("/a", 200, Map.of("ETag", "\"1\""), "new");

        assertThat(downloads.get(url("/a"), Version.NONE, target))
                .isEqualTo(new FileDownload.Stored(new Version("\"1\"", null), true));
        assertThat(target).hasContent("new");
    }

    @Test
    void aRedirectIsFollowedButNotAwayFromHttp() throws Exception {
        answer("/a", 302, Map.of("Location", "/b"), "moved");
        answer("/b", 200, Map.of(), "here");
        answer("/c", 302, Map.of("Location", "file:///etc/passwd"), "");
        answer("/d", 302, Map.of("Location", "/d"), "");

        assertThat(downloads.get(url("/a"), Version.NONE, target)).isInstanceOf(FileDownload.Stored.class);
        assertThat(target).hasContent("here");
        assertThat(failure("/c")).contains("no http or https URL");
        assertThat(failure("/d")).contains("in a loop");
    }

    @Test
    void aFileOfTheLargestSizeIsTakenAndNoLargerOne() throws Exception {
        answer("/a", 200, Map.of(), "x".repeat(LARGEST));
        answer("/b", 200, Map.of(), "x".repeat(LARGEST + 1));
        answer("/c", 200, Map.of(), "");

        assertThat(downloads.get(url("/a"), Version.NONE, target)).isInstanceOf(FileDownload.Stored.class);
        assertThat(failure("/b")).contains("answered with more than 100 bytes");
        assertThat(failure("/c")).contains("empty body");
    }

    @Test
    void aVersionThatIsHeldIsNotSentAgain() throws Exception {
        answer("/a", 304, Map.of(), "");

        assertThat(downloads.get(url("/a"), new Version("\"1\"", null), target))
                .isEqualTo(new FileDownload.Unchanged());
        assertThat(failure("/a")).contains("304");
    }

    @Test
    void aServerMayAskForTime() throws Exception {
        answer("/a", 503, Map.of("Retry-After", "120"), "busy");

        assertThat(downloads.get(url("/a"), Version.NONE, target))
                .isInstanceOfSatisfying(
                        FileDownload.Failed.class,
                        failed -> assertThat(failed.retryAfter()).isEqualTo(Duration.ofMinutes(2)));
    }

    @Test
    void aFileThatCannotBeWrittenIsAFailureThatNoServerIsAskedFor() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        server.createContext("/a", exchange -> {
            requests.incrementAndGet();
            exchange.close();
        });

        assertThat(downloads.get(url("/a"), Version.NONE, target.resolve("below/a/file")))
                .isInstanceOf(FileDownload.Failed.class);
        assertThat(requests).hasValue(0);
    }

    @Test
    void aServerThatDoesNotComeToAnEndLeavesPlacesForOthers(@TempDir Path directory) throws Exception {
        answer("/a", 200, Map.of(), "new");
        CountDownLatch done = new CountDownLatch(1);
        HttpServer slow = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        slow.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, LARGEST);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        slow.start();
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String path : List.of("/1", "/2")) {
                URI url = URI.create("http://127.0.0.1:" + slow.getAddress().getPort() + path);
                var _ = others.submit(() -> downloads.get(url, Version.NONE, directory.resolve(path.substring(1))));
            }
            await().until(() -> Files.exists(directory.resolve("1")) || Files.exists(directory.resolve("2")));

            assertThat(downloads.get(url("/a"), Version.NONE, target)).isInstanceOf(FileDownload.Stored.class);
            others.shutdownNow();
        } finally {
            done.countDown();
            slow.stop(0);
        }
    }

    private String failure(String path) throws InterruptedException {
        FileDownload download = downloads.get(url(path), Version.NONE, target);
        assertThat(download).isInstanceOf(FileDownload.Failed.class);
        return ((FileDownload.Failed) download).text();
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private void answer(String path, int status, Map<String, String> headers, String body) {
        server.createContext(path, exchange -> {
            try (exchange) {
                headers.forEach(exchange.getResponseHeaders()::set);
                byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
    }
}
