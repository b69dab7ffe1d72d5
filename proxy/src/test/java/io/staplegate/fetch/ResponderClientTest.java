package io.staplegate.fetch;

import static io.staplegate.fetch.RawServer.answering;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.SocketAddress;
import io.staplegate.fetch.Fetched.Outcome;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes over the wire to responders that behave, or refuse in an orderly way. */
final class ResponderClientTest {
    private static final byte[] SMALL = filled(60);
    private static final byte[] LARGE = filled(400);
    private static final byte[] ANSWER = {0x30, 3, 0x0a, 1, 0};

    private final Telemetry telemetry = new Telemetry(InstantSource.system());
    private final ResponderClient client = new ResponderClient(Ocsp.config(), InstantSource.system(), telemetry);

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void aSmallRequestGoesByGetWithEverySpecialCharacterEncoded() throws Exception {
        try (RawServer server = new RawServer(answering("200 OK", ANSWER))) {
            assertThat(bytes(client.fetch(server.url(), SMALL))).isEqualTo(ANSWER);

            RawServer.Request request = server.requests().getFirst();
            assertThat(request.method()).isEqualTo("GET");
            assertThat(request.target())
                    .startsWith("/ocsp/")
                    .matches("/ocsp/[A-Za-z0-9%]+")
                    .contains("%2B", "%2F");
            assertThat(request.headers()).containsEntry("Accept", "application/ocsp-response");
            assertThat(request.headers()).doesNotContainKeys("Upgrade", "Cache-Control", "Cookie");
            assertThat(request.ocspRequest()).isEqualTo(SMALL);
        }
    }

    @Test
    void aLargeRequestGoesByPost() throws Exception {
        try (RawServer server = new RawServer(answering("200 OK\r\nContent-Type: text/html", ANSWER))) {
            assertThat(bytes(client.fetch(server.url(), LARGE))).isEqualTo(ANSWER);

            RawServer.Request request = server.requests().getFirst();
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.target()).isEqualTo("/ocsp");
            assertThat(request.headers()).containsEntry("Content-Type", "application/ocsp-request");
            assertThat(request.ocspRequest()).isEqualTo(LARGE);
        }
    }

    @Test
    void whoRefusesGetIsAskedByPostAndFromThenOnByPostAtOnce() throws Exception {
        try (RawServer server = new RawServer((request, out) ->
                RawServer.write(out, request.method().equals("GET") ? "405 Method Not Allowed" : "200 OK", ANSWER))) {
            assertThat(bytes(client.fetch(server.url(), SMALL))).isEqualTo(ANSWER);
            assertThat(bytes(client.fetch(server.url(), SMALL))).isEqualTo(ANSWER);

            assertThat(server.requests()).extracting(RawServer.Request::method).containsExactly("GET", "POST", "POST");
        }
    }

    @Test
    void whoRefusesPostIsAskedByGet() throws Exception {
        try (RawServer server = new RawServer((request, out) ->
                RawServer.write(out, request.method().equals("POST") ? "404 Not Found" : "200 OK", ANSWER))) {
            assertThat(bytes(client.fetch(server.url(), LARGE))).isEqualTo(ANSWER);

            assertThat(server.requests().getLast().ocspRequest()).isEqualTo(LARGE);
        }
    }

    @Test
    void whoRefusesBothIsAskedOnceEach() throws Exception {
        try (RawServer server = new RawServer(answering("403 Forbidden", ANSWER))) {
            assertFailure(client.fetch(server.url(), SMALL), Outcome.HTTP_STATUS, "answered HTTP status 403 to POST");
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void whoIsOverloadedIsNotAskedASecondTimeAndSaysWhenToComeBack() throws Exception {
        for (String status : List.of("429 Too Many Requests", "503 Service Unavailable")) {
            try (RawServer server = new RawServer(answering(status + "\r\nRetry-After: 120", ANSWER))) {
                Fetched fetched = client.fetch(server.url(), SMALL);

                assertFailure(fetched, Outcome.HTTP_STATUS, status.substring(0, 3));
                assertThat(((Fetched.Failure) fetched).retryAfter()).isEqualTo(Duration.ofMinutes(2));
                assertThat(server.requests()).hasSize(1);
            }
        }
    }

    @Test
    void aRedirectIsFollowedWithTheSameRequest() throws Exception {
        try (RawServer target = new RawServer(answering("200 OK", ANSWER));
                RawServer server =
                        new RawServer(answering("307 Temporary Redirect\r\nLocation: " + target.url(), new byte[0]))) {
            assertThat(bytes(client.fetch(server.url(), LARGE))).isEqualTo(ANSWER);

            assertThat(target.requests().getFirst().ocspRequest()).isEqualTo(LARGE);
        }
    }

    @Test
    void aRelativeRedirectIsFollowed() throws Exception {
        try (RawServer server = new RawServer((request, out) -> {
            boolean moved = request.target().equals("/moved");
            RawServer.write(out, moved ? "200 OK" : "301 Moved Permanently\r\nLocation: moved", ANSWER);
        })) {
            assertThat(bytes(client.fetch(URI.create("http://127.0.0.1:" + server.port() + "/ocsp"), LARGE)))
                    .isEqualTo(ANSWER);
        }
    }

    @Test
    void theRateCountsEveryRequestAndItsWaitsAreNoFaultOfTheResponder() throws Exception {
        Duration timeout = Duration.ofMillis(900);
        try (ResponderClient slow =
                        new ResponderClient(Ocsp.atMostPerSecond(1, timeout), InstantSource.system(), telemetry);
                RawServer server = new RawServer((request, out) -> {
                    boolean moved = request.target().equals("/moved");
                    boolean get = request.method().equals("GET");
                    String redirect = "307 Temporary Redirect\r\nLocation: /moved";
                    RawServer.write(out, get ? "405 Method Not Allowed" : moved ? "200 OK" : redirect, ANSWER);
                })) {
            long begun = System.nanoTime();

            assertThat(bytes(slow.fetch(server.url(), SMALL))).isEqualTo(ANSWER);

            assertThat(server.requests()).hasSize(3);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        }
    }

    @Test
    void theProxyIsAskedAndTheNameIsNotResolvedHere() throws Exception {
        try (RawServer proxy = new RawServer(answering("200 OK", ANSWER));
                ResponderClient proxied = new ResponderClient(
                        Ocsp.through(new SocketAddress.HostPort("127.0.0.1", proxy.port())),
                        InstantSource.system(),
                        telemetry)) {
            assertThat(bytes(proxied.fetch(URI.create("http://ocsp.test/ca"), LARGE)))
                    .isEqualTo(ANSWER);

            assertThat(proxy.requests().getFirst().target()).isEqualTo("http://ocsp.test/ca");
            assertThat(proxy.requests().getFirst().headers()).containsEntry("Host", "ocsp.test");
        }
    }

    @Test
    void eachExchangeIsCountedByResponderAndOutcome() throws Exception {
        try (RawServer server = new RawServer(answering("200 OK", ANSWER));
                RawServer broken = new RawServer(answering("500 Internal Server Error", ANSWER))) {
            client.fetch(server.url(), SMALL);
            client.fetch(broken.url(), SMALL);

            assertThat(telemetry.scrape(telemetry.contentType(null)))
                    .contains("requests_seconds_count{outcome=\"ok\",responder=\"127.0.0.1:" + server.port() + "\"} 1")
                    .contains("requests_seconds_count{outcome=\"http_status\",responder=\"127.0.0.1:" + broken.port()
                            + "\"} 1");
        }
    }

    @Test
    void whatIsNoHttpUrlIsNotAsked() throws InterruptedException {
        for (String url :
                List.of("ldap://ca.example/", "file:///etc/passwd", "mailto:ca@example", "relative", "http:/x")) {
            assertFailure(client.fetch(URI.create(url), SMALL), Outcome.OTHER, "is no http or https URL");
        }
    }

    private static void assertFailure(Fetched fetched, Outcome outcome, String text) {
        assertThat(fetched).isInstanceOfSatisfying(Fetched.Failure.class, failure -> {
            assertThat(failure.outcome()).isEqualTo(outcome);
            assertThat(failure.text()).startsWith("responder \"").contains(text);
        });
    }

    private static byte[] bytes(Fetched fetched) throws IOException {
        return switch (fetched) {
            case Fetched.Body body -> body.bytes();
            case Fetched.Failure failure -> throw new IOException(failure.text());
        };
    }

    /** Bytes whose base64 has every special character. */
    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % 3 == 2 ? 0xfb : 0xff - i % 5);
        }
        return bytes;
    }
}
