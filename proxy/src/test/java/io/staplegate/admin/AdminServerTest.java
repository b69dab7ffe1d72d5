package io.staplegate.admin;

import static io.staplegate.admin.SampleStaples.ABSENT;
import static io.staplegate.admin.SampleStaples.GOOD;
import static io.staplegate.admin.SampleStaples.THIS_UPDATE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.SocketAddress;
import io.staplegate.identity.AdminAccess;
import io.staplegate.net.Transport;
import io.staplegate.relay.SessionBook;
import io.staplegate.staple.Imported;
import io.staplegate.staple.PortableResponse;
import io.staplegate.staple.StapleView;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What operators and Prometheus get. */
@Timeout(30)
final class AdminServerTest {
    private static final Transport TRANSPORT = Transport.open(1);
    private static final PortableResponse PORTABLE = new PortableResponse(
            "gateway",
            "0a1b",
            "0a1b-01234567.ocsp",
            THIS_UPDATE,
            THIS_UPDATE.plus(Duration.ofDays(4)),
            THIS_UPDATE.plusMillis(1500),
            new byte[] {0x30, 0x03, 0x0a, 0x01, 0x03});

    private final Telemetry telemetry = new Telemetry(InstantSource.system());
    private final List<String> refreshed = new ArrayList<>();
    private final List<byte[]> taken = new CopyOnWriteArrayList<>();
    private final List<String> written = new CopyOnWriteArrayList<>();
    private volatile List<StapleView> rows = List.of(GOOD, ABSENT);
    private volatile boolean ready = true;
    private volatile Desk.Refresh refresh = identity -> {
        refreshed.add(String.valueOf(identity));
        return identity == null || identity.equals("gateway");
    };
    private Desk desk;
    private AdminServer server;

    @BeforeEach
    void open() throws IOException {
        desk = new Desk(
                () -> rows,
                identity -> refresh.of(identity),
                this::take,
                () -> List.of(PORTABLE),
                List::of,
                List::of,
                new SessionBook(InstantSource.system()),
                CompletableFuture::new,
                () -> ready,
                telemetry,
                InstantSource.fixed(THIS_UPDATE));
        server = AdminServer.open(new SocketAddress.HostPort("127.0.0.1", 0), () -> AdminAccess.OPEN, desk, TRANSPORT);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @AfterAll
    static void closeTransport() {
        TRANSPORT.close();
    }

    @Test
    void everyAnswerIsDatedUncachedUnsniffedAndEndsTheConnection() throws IOException {
        for (String target : List.of("/", "/metrics", "/livez", "/readyz", "/staples", "/nowhere", "/refresh")) {
            assertThat(get(target).headers())
                    .containsEntry("Date", "Sat, 01 Aug 2026 00:00:00 GMT")
                    .containsEntry("Cache-Control", "no-store")
                    .containsEntry("X-Content-Type-Options", "nosniff")
                    .containsEntry("Connection", "close");
        }
    }

    @Test
    void theIndexNamesThePages() throws IOException {
        assertThat(get("/").body())
                .contains("/metrics", "/livez", "/readyz", "/staples", "POST /refresh", "/export", "POST /import");
    }

    @Test
    void metricsComeAsPrometheusTextUnlessOpenMetricsIsAccepted() throws IOException {
        telemetry.identityKnown("gateway");

        HttpReply text = get("/metrics");
        assertThat(text.headers()).containsEntry("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        assertThat(text.body()).contains("staplegate_staple_refreshes_total{identity=\"gateway\"");

        HttpReply open =
                HttpReply.to(server.port().orElseThrow(), "GET", "/metrics", "Accept: application/openmetrics-text");
        assertThat(open.headers().get("Content-Type")).startsWith("application/openmetrics-text");
        assertThat(open.body()).endsWith("# EOF\n");
    }

    @Test
    void metricsAreCompressedForWhoTakesThat() throws IOException {
        HttpReply zipped =
                HttpReply.to(server.port().orElseThrow(), "GET", "/metrics", "Accept-Encoding: deflate, gzip");
        assertThat(zipped.headers()).containsEntry("Content-Encoding", "gzip");
        assertThat(get("/metrics").headers()).doesNotContainKey("Content-Encoding");
    }

    @Test
    void livenessIsNotReadiness() throws IOException {
        assertThat(get("/livez").status()).isEqualTo(200);
        assertThat(get("/readyz").status()).isEqualTo(200);

        ready = false;

        assertThat(get("/livez").status()).isEqualTo(200);
        assertThat(get("/readyz").status()).isEqualTo(503);
    }

    @Test
    void theStaplesViewHasEveryFieldInOrderWithTimesOrNull() throws IOException {
        HttpReply reply = get("/staples");

        assertThat(reply.headers()).containsEntry("Content-Type", "application/json");
        assertThat(reply.body())
                .isEqualTo("[{\"identity\":\"gateway\",\"certificate\":\"0a1b\",\"position\":0,"
                        + "\"subject\":\"CN=gateway.example\",\"status\":\"good\","
                        + "\"responder\":\"http://ocsp.example/\",\"thisUpdate\":\"2026-08-01T00:00:00Z\","
                        + "\"nextUpdate\":\"2026-08-05T00:00:00Z\",\"fetchedAt\":\"2026-08-01T00:00:01.500Z\","
                        + "\"nextRefresh\":\"2026-08-03T00:00:00Z\",\"lastError\":null,"
                        + "\"bytes\":471,\"rung\":\"responder\",\"stapling\":\"auto\","
                        + "\"expires\":\"2026-10-30T00:00:00Z\"},"
                        + "{\"identity\":\"edge\",\"certificate\":\"0c\",\"position\":1,"
                        + "\"subject\":\"CN=\\\"quoted\\\", O=ACME\",\"status\":\"absent\",\"responder\":null,"
                        + "\"thisUpdate\":null,\"nextUpdate\":null,\"fetchedAt\":null,\"nextRefresh\":null,"
                        + "\"lastError\":\"no responder\",\"bytes\":0,\"rung\":null,\"stapling\":\"must\","
                        + "\"expires\":\"2026-10-30T00:00:00Z\"}]");
    }

    @Test
    void aRefreshAnswersWithTheRowsOfItsIdentity() throws IOException {
        assertThat(post("/refresh?identity=gateway").body())
                .contains("\"gateway\"")
                .doesNotContain("\"edge\"");
        assertThat(post("/refresh").body()).contains("\"gateway\"", "\"edge\"");
        assertThat(refreshed).containsExactly("gateway", "null");
    }

    @Test
    void aRefreshAnswersWhenTheFetchHasEnded() throws Exception {
        CountDownLatch fetched = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        refresh = identity -> {
            started.countDown();
            fetched.await();
            return true;
        };
        CompletableFuture<HttpReply> reply = later("/refresh");
        assertThat(started.await(10, SECONDS)).isTrue();
        assertThat(get("/livez").status()).as("meanwhile others are served").isEqualTo(200);
        assertThat(reply).isNotDone();

        fetched.countDown();

        assertThat(reply.get(10, SECONDS).status()).isEqualTo(200);
    }

    @Test
    void moreRefreshesThanAFewAtATimeAreTurnedAway() throws Exception {
        CountDownLatch fetched = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(4);
        refresh = identity -> {
            started.countDown();
            fetched.await();
            return true;
        };
        List<CompletableFuture<HttpReply>> replies = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            replies.add(later("/refresh"));
        }
        assertThat(started.await(10, SECONDS)).isTrue();

        HttpReply fifth = post("/refresh");
        assertThat(fifth.status()).isEqualTo(503);
        assertThat(fifth.headers()).containsKey("Retry-After");

        fetched.countDown();
        for (CompletableFuture<HttpReply> reply : replies) {
            assertThat(reply.get(10, SECONDS).status()).isEqualTo(200);
        }
    }

    @Test
    void anUnknownIdentityIsNotFound() throws IOException {
        HttpReply reply = post("/refresh?identity=nobody");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.body()).isEqualTo("no identity has the name \"nobody\"\n");
    }

    @Test
    void anImportHandsOverTheBodyAndAnswersWithWhatCameOfIt() throws IOException {
        HttpReply reply = HttpReply.to(
                server.port().orElseThrow(),
                "POST /import HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n0123");

        assertThat(taken).singleElement().isEqualTo("0123".getBytes(UTF_8));
        assertThat(reply.headers()).containsEntry("Content-Type", "application/json");
        assertThat(reply.body())
                .isEqualTo("[{\"outcome\":\"not_newer\",\"certificate\":\"0a1b\","
                        + "\"thisUpdate\":\"2026-08-01T00:00:00Z\",\"nextUpdate\":\"2026-08-05T00:00:00Z\","
                        + "\"reason\":null},"
                        + "{\"outcome\":\"unreadable\",\"certificate\":null,\"thisUpdate\":null,"
                        + "\"nextUpdate\":null,\"reason\":\"no DER\"}]");
    }

    @Test
    void anImportHandsOverWhenItsFileWasWrittenWhereThatIsSaid() throws IOException {
        for (String header :
                List.of("Last-Modified: Sat, 01 Aug 2026 00:00:00 GMT", "Last-Modified: " + "x".repeat(99), "A: b")) {
            HttpReply reply = HttpReply.to(
                    server.port().orElseThrow(),
                    "POST /import HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\nContent-Length: 4\r\n\r\n0123");
            assertThat(reply.status()).isEqualTo(200);
        }
        assertThat(written).containsExactly(THIS_UPDATE.toString(), "null", "null");
    }

    @Test
    void theLargestResponseFitsInAnImport() throws IOException {
        String body = "x".repeat(Imported.MAX_BYTES);
        HttpReply reply = HttpReply.to(
                server.port().orElseThrow(),
                "POST /import HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(taken).singleElement().isEqualTo(body.getBytes(UTF_8));
    }

    @Test
    void anExportHasEachResponseInBase64() throws IOException {
        assertThat(get("/export").body())
                .isEqualTo("[{\"identity\":\"gateway\",\"certificate\":\"0a1b\",\"file\":\"0a1b-01234567.ocsp\","
                        + "\"thisUpdate\":\"2026-08-01T00:00:00Z\",\"nextUpdate\":\"2026-08-05T00:00:00Z\","
                        + "\"fetchedAt\":\"2026-08-01T00:00:01.500Z\",\"response\":\"MAMKAQM=\"}]");
        assertThat(get("/import").headers()).containsEntry("Allow", "POST");
    }

    @Test
    void aPageThatFailsSaysSoAndTheNextOneWorks() throws IOException {
        refresh = identity -> {
            throw new IllegalStateException("broken");
        };
        assertThat(post("/refresh").status()).isEqualTo(500);
        assertThat(get("/livez").status()).isEqualTo(200);
    }

    @Test
    void theWrongMethodIsToldTheRightOnes() throws IOException {
        assertThat(get("/refresh").status()).isEqualTo(405);
        assertThat(get("/refresh").headers()).containsEntry("Allow", "POST");
        assertThat(post("/metrics").headers()).containsEntry("Allow", "GET, HEAD");
        assertThat(HttpReply.to(server.port().orElseThrow(), "OPTIONS", "/").status())
                .isEqualTo(405);
        assertThat(get("/nowhere").status()).isEqualTo(404);
        assertThat(refreshed).isEmpty();
    }

    @Test
    void headHasTheHeadersAndNoBody() throws IOException {
        HttpReply get = get("/staples");
        HttpReply head = HttpReply.to(server.port().orElseThrow(), "HEAD", "/staples");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers()).isEqualTo(get.headers());
    }

    @Test
    void tenThousandIdentitiesFitInOneView() throws IOException {
        rows = IntStream.range(0, 20_000).mapToObj(i -> GOOD).toList();

        HttpReply reply = get("/staples");

        assertThat(reply.body()).hasSizeGreaterThan(5_000_000).endsWith("}]");
        assertThat(reply.headers())
                .containsEntry("Content-Length", String.valueOf(reply.body().getBytes(UTF_8).length));
    }

    @Test
    void anAddressInUseIsNamed() {
        SocketAddress.HostPort taken =
                new SocketAddress.HostPort("127.0.0.1", server.port().orElseThrow());

        assertThatThrownBy(() -> AdminServer.open(taken, () -> AdminAccess.OPEN, desk, TRANSPORT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("\"" + taken + "\" cannot be bound")
                .hasMessageContaining("Address already in use");
        assertThatThrownBy(() -> AdminServer.open(
                        new SocketAddress.HostPort("a".repeat(64), 0), () -> AdminAccess.OPEN, desk, TRANSPORT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not resolve");
    }

    @Test
    void closingEndsConnectionsAndInterruptsARefresh() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<Void> interrupted = new CompletableFuture<>();
        refresh = identity -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
                return true;
            } catch (InterruptedException e) {
                interrupted.complete(null);
                throw e;
            }
        };
        try (Socket idle =
                new Socket(InetAddress.getLoopbackAddress(), server.port().orElseThrow())) {
            CompletableFuture<HttpReply> reply = later("/refresh");
            assertThat(started.await(10, SECONDS)).isTrue();

            server.close();

            assertThat(interrupted).succeedsWithin(Duration.ofSeconds(10));
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            await().until(reply::isDone);
        }
    }

    private List<Imported> take(byte[] response, @Nullable Instant since) {
        taken.add(response);
        written.add(String.valueOf(since));
        Imported held = new Imported(
                Imported.Outcome.NOT_NEWER, "0a1b", THIS_UPDATE, THIS_UPDATE.plus(Duration.ofDays(4)), null);
        return List.of(held, Imported.unreadable("no DER"));
    }

    private CompletableFuture<HttpReply> later(String target) {
        CompletableFuture<HttpReply> reply = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                reply.complete(post(target));
            } catch (IOException | RuntimeException e) {
                reply.completeExceptionally(e);
            }
        });
        return reply;
    }

    private HttpReply get(String target) throws IOException {
        return HttpReply.to(server.port().orElseThrow(), "GET", target);
    }

    private HttpReply post(String target) throws IOException {
        return HttpReply.to(server.port().orElseThrow(), "POST", target);
    }
}
