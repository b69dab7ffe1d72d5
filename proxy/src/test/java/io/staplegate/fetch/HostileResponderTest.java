package io.staplegate.fetch;

import static io.staplegate.fetch.RawServer.answering;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.fetch.Fetched.Outcome;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a responder may misbehave costs one failure, within the deadline, and nothing else. */
@Timeout(20)
final class HostileResponderTest {
    private static final byte[] REQUEST = {0x30, 1, 2, 3};
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private final CountDownLatch testOver = new CountDownLatch(1);
    private final ResponderClient client =
            new ResponderClient(Ocsp.config(), InstantSource.system(), new Telemetry(InstantSource.system()));
    private final ResponderClient impatient =
            new ResponderClient(Ocsp.within(PATIENCE), InstantSource.system(), new Telemetry(InstantSource.system()));

    @AfterEach
    void close() {
        testOver.countDown();
        client.close();
        impatient.close();
    }

    @Test
    void whoNeverAnswersIsCutOff() throws Exception {
        assertCutOff((request, out) -> testOver.await());
    }

    @Test
    void whoDripsTheBodyIsCutOff() throws Exception {
        assertCutOff((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n".getBytes(ISO_8859_1));
            while (!testOver.await(20, MILLISECONDS)) {
                out.write(1);
                out.flush();
            }
        });
    }

    @Test
    void whoDripsTheHeadersIsCutOff() throws Exception {
        assertCutOff((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\n".getBytes(ISO_8859_1));
            while (!testOver.await(20, MILLISECONDS)) {
                out.write("X: y\r\n".getBytes(ISO_8859_1));
                out.flush();
            }
        });
    }

    @Test
    void whoRedirectsSlowlyIsCutOff() throws Exception {
        AtomicLong count = new AtomicLong();
        assertCutOff((request, out) -> {
            if (!testOver.await(PATIENCE.toMillis() * 2 / 5, MILLISECONDS)) {
                RawServer.write(out, "302 Found\r\nLocation: /" + count.incrementAndGet(), new byte[0]);
            }
        });
    }

    @Test
    void aConnectionThatIsNeverAcceptedIsGivenUp() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> filling = new ArrayList<>();
            try {
                for (int i = 0; i < 3; i++) {
                    Socket socket = new Socket();
                    filling.add(socket);
                    Thread.ofVirtual().start(() -> {
                        try {
                            socket.connect(full.getLocalSocketAddress());
                        } catch (IOException e) {
                            // The backlog is full: what this test wants.
                        }
                    });
                }
                URI url = URI.create("http://127.0.0.1:" + full.getLocalPort() + "/");
                assertFailure(impatient.fetch(url, REQUEST), Outcome.TIMEOUT, "within 300 ms");
            } finally {
                for (Socket socket : filling) {
                    socket.close();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 67108864", "Transfer-Encoding: chunked"})
    void sixtyFourMebibytesAreCutOffNearTheLimit(String framing) throws Exception {
        AtomicLong written = new AtomicLong();
        byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(ISO_8859_1);
        try (RawServer server = new RawServer((request, out) -> {
            out.write(("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n").getBytes(ISO_8859_1));
            for (int i = 0; i < 1024; i++) {
                out.write(chunk);
                written.addAndGet(chunk.length);
            }
        })) {
            assertFailure(client.fetch(server.url(), REQUEST), Outcome.OVERSIZE, "more than 65536 bytes");
            assertThat(server.cut().await(10, SECONDS)).isTrue();
            assertThat(written.get()).isLessThan(16 << 20);
        }
    }

    @Test
    void sixtyFourKibibytesAreTaken() throws Exception {
        try (RawServer server = new RawServer(answering("200 OK", new byte[Exchange.LARGEST_BODY]))) {
            assertThat(client.fetch(server.url(), REQUEST))
                    .isInstanceOfSatisfying(
                            Fetched.Body.class, body -> assertThat(body.bytes()).hasSize(Exchange.LARGEST_BODY));
        }
    }

    @Test
    void endlessHeadersAreCutOff() throws Exception {
        byte[] header = ("X: " + "y".repeat(8000) + "\r\n").getBytes(ISO_8859_1);
        try (RawServer server = new RawServer((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\n".getBytes(ISO_8859_1));
            for (int i = 0; i < 10_000; i++) {
                out.write(header);
            }
        })) {
            assertFailure(client.fetch(server.url(), REQUEST), Outcome.OTHER, "broke off");
        }
    }

    @Test
    void aRedirectLoopIsLeft() throws Exception {
        try (RawServer server = new RawServer((request, out) -> RawServer.write(
                out, "302 Found\r\nLocation: /" + (request.target().equals("/a") ? "b" : "a"), new byte[0]))) {
            assertFailure(client.fetch(server.url(), REQUEST), Outcome.REDIRECT, "redirects in a loop");
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void endlessRedirectsAreLeft() throws Exception {
        AtomicLong count = new AtomicLong();
        try (RawServer server = new RawServer((request, out) ->
                RawServer.write(out, "301 Moved\r\nLocation: /" + count.incrementAndGet(), new byte[0]))) {
            assertFailure(client.fetch(server.url(), REQUEST), Outcome.REDIRECT, "redirects more than 5 times");
            assertThat(server.requests()).hasSize(6);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"file:///etc/passwd", "ftp://127.0.0.1/x", "jar:http://x!/", "http:///x", "", "http://[", "%zz"})
    void aRedirectToSomethingElseThanHttpIsNotFollowed(String location) throws Exception {
        try (RawServer server = new RawServer(answering("302 Found\r\nLocation: " + location, new byte[0]))) {
            assertFailure(client.fetch(server.url(), REQUEST), Outcome.REDIRECT, "redirects to \"" + location + "\"");
        }
    }

    @Test
    void aResetInTheMiddleOfTheBodyIsAFailure() throws Exception {
        try (RawServer server = new RawServer((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf".getBytes(ISO_8859_1));
            out.flush();
            testOver.await();
        })) {
            Thread.ofVirtual().start(() -> resetOnceAsked(server));
            assertFailure(client.fetch(server.url(), REQUEST), Outcome.OTHER, "broke off");
        }
    }

    @Test
    void anEmptyAnswerIsAFailure() throws Exception {
        try (RawServer server = new RawServer(answering("200 OK", new byte[0]))) {
            assertFailure(client.fetch(server.url(), REQUEST), Outcome.OTHER, "answered with an empty body");
        }
    }

    @Test
    void whoSpeaksSomethingElseIsQuotedInOneLine() throws Exception {
        try (RawServer server = new RawServer((request, out) -> {
            out.write(("220 mail\u0007\u0085\u001b[31m" + "x".repeat(1000) + " ready\r\n\r\n").getBytes(ISO_8859_1));
            out.flush();
        })) {
            Fetched fetched = client.fetch(server.url(), REQUEST);

            assertFailure(fetched, Outcome.OTHER, "broke off");
            assertThat(((Fetched.Failure) fetched).text())
                    .doesNotContainPattern("\\p{C}")
                    .hasSizeLessThan(400);
        }
    }

    @Test
    void aClosedPortIsRefused() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertFailure(
                client.fetch(URI.create("http://127.0.0.1:" + port), REQUEST), Outcome.REFUSED, "cannot be connected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:0/", "http://127.0.0.1:99999/"})
    void aPortThatCannotBeIsAFailure(URI url) throws Exception {
        assertThat(client.fetch(url, REQUEST)).isInstanceOf(Fetched.Failure.class);
    }

    @Test
    void aNameThatDoesNotResolveIsSaidToBeOne() throws Exception {
        // A label of 64 characters: refused by the resolver itself, without a query.
        URI url = URI.create("http://" + "a".repeat(64) + ".example/");
        assertFailure(client.fetch(url, REQUEST), Outcome.DNS, "has a name that does not resolve");
    }

    /** The JDK may ask again on another connection when TLS fails: the server must answer there too. */
    @Test
    void plainHttpWhereTlsIsExpectedFailsInTls() throws Exception {
        try (RawServer server = new RawServer(answering("200 OK", REQUEST))) {
            URI url = URI.create("https://127.0.0.1:" + server.port() + "/");
            assertFailure(client.fetch(url, REQUEST), Outcome.TLS, "failed in TLS (Unrecognized SSL message");
        }
    }

    @Test
    void aServerCertificateThatNobodyTrustsFailsInTls() throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(selfMade()));
        server.start();
        try {
            URI url = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/");
            assertFailure(client.fetch(url, REQUEST), Outcome.TLS, "unable to find valid certification path");
        } finally {
            server.stop(0);
        }
    }

    private static SSLContext selfMade() throws GeneralSecurityException, IOException {
        Instant now = Instant.now();
        Authority root = Authority.root("Nobody's root", now, Duration.ofDays(1));
        KeyPair keys = Authority.newKeys("EC");
        Issuance server =
                Issuance.named("127.0.0.1").names("127.0.0.1").serverAuth().valid(now, Duration.ofDays(1));
        Certificate[] chain = {root.issue(server, keys.getPublic()), root.certificate()};
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", keys.getPrivate(), new char[0], chain);
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private void assertCutOff(RawServer.Behaviour behaviour) throws Exception {
        try (RawServer server = new RawServer(behaviour)) {
            long start = System.nanoTime();
            assertFailure(impatient.fetch(server.url(), REQUEST), Outcome.TIMEOUT, "within 300 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(PATIENCE, Duration.ofSeconds(10));
            testOver.countDown();
            assertThat(server.cut().await(10, SECONDS)).isTrue();
        }
    }

    private static void resetOnceAsked(RawServer server) {
        await().until(() -> !server.requests().isEmpty());
        try {
            server.reset();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertFailure(Fetched fetched, Outcome outcome, String text) {
        assertThat(fetched).isInstanceOfSatisfying(Fetched.Failure.class, failure -> {
            assertThat(failure.outcome()).as(failure.text()).isEqualTo(outcome);
            assertThat(failure.text()).startsWith("responder \"").contains(text);
        });
    }
}
