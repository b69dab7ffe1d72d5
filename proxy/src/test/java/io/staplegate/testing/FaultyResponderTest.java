package io.staplegate.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.staplegate.demo.DemoPki;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspRequest;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The faulty responder has the faults that it promises. */
class FaultyResponderTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final DemoPki PKI = DemoPki.issue(URI.create("http://127.0.0.1:1/"), NOW);
    private static final byte[] REQUEST = OcspRequest.encode(
            CertId.of(CertIdHash.SHA1, PKI.server(), PKI.intermediate().certificate()));

    private final HttpClient client = HttpClient.newHttpClient();
    private FaultyResponder responder;

    @BeforeEach
    void start() throws IOException {
        responder = FaultyResponder.start(PKI.book(Duration.ofHours(8), InstantSource.fixed(NOW)));
    }

    @AfterEach
    void stop() {
        responder.close();
        client.close();
    }

    static Stream<Behaviour> slowButHonest() {
        return Stream.of(
                Behaviour.honest(),
                Behaviour.delayed(Duration.ofMillis(20), Behaviour.honest()),
                Behaviour.dripping(Duration.ofNanos(1)));
    }

    @ParameterizedTest
    @MethodSource("slowButHonest")
    void mayBeHonest(Behaviour behaviour) throws Exception {
        responder.behave(behaviour);

        assertThat(judge(post().body())).isInstanceOf(Verdict.Good.class);
        assertThat(judge(post().body())).isInstanceOf(Verdict.Good.class);
    }

    @Test
    void hasEveryFaultOfTheValidatorsTable() throws Exception {
        responder.behave(ResponseVariant.REVOKED);

        assertThat(judge(post().body())).isInstanceOf(Verdict.Revoked.class);
    }

    @Test
    void breaksOff() {
        for (Behaviour behaviour : new Behaviour[] {Behaviour.truncated(), Behaviour.reset()}) {
            responder.behave(behaviour);
            assertThatThrownBy(this::post).isInstanceOf(IOException.class);
        }
    }

    @Test
    void staysSilent() {
        responder.behave(Behaviour.silent());

        assertThatThrownBy(() -> post(Duration.ofMillis(200))).isInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void refusesOrVanishesAndComesBackOnTheSamePort() throws Exception {
        post();
        responder.refuse();
        assertThatThrownBy(this::post).isInstanceOf(ConnectException.class);
        responder.vanish();
        assertThatThrownBy(() -> post(Duration.ofMillis(200))).isInstanceOf(HttpTimeoutException.class);
        responder.comeBack();
        assertThat(judge(post().body())).isInstanceOf(Verdict.Good.class);
    }

    @Test
    void sendsPagesAndRedirectsAndFloods() throws Exception {
        assertThat(responder.behave(Behaviour.html()).url()).isNotNull();
        assertThat(new String(post().body(), StandardCharsets.UTF_8)).contains("<html>");
        responder.behave(Behaviour.status(503));
        assertThat(post().statusCode()).isEqualTo(503);
        responder.behave(Behaviour.redirectLoop());
        assertThat(post().headers().firstValue("location")).contains("/");
        responder.behave(Behaviour.huge(1_000_000));
        assertThat(post().body()).hasSize(1_000_000);
        responder.behave(Behaviour.empty());
        assertThat(post().body()).isEmpty();
    }

    @Test
    void remembersWhatItWasAsked() throws Exception {
        post();

        URI url = responder.url();
        assertThat(responder.seen())
                .containsExactly(
                        new FaultyResponder.Seen("POST", "/", url.toString().length()));
    }

    private HttpResponse<byte[]> post() throws IOException, InterruptedException {
        return post(Duration.ofSeconds(30));
    }

    private HttpResponse<byte[]> post(Duration timeout) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(responder.url())
                .timeout(timeout)
                .POST(BodyPublishers.ofByteArray(REQUEST))
                .build();
        return client.send(request, BodyHandlers.ofByteArray());
    }

    private static Verdict judge(byte[] response) {
        return new OcspValidator(Duration.ZERO, null)
                .judge(response, PKI.server(), PKI.intermediate().certificate(), NOW);
    }
}
