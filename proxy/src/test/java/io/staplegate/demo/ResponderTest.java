package io.staplegate.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspRequest;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The demo's responder, asked over HTTP and judged by the validator. */
class ResponderTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final DemoPki PKI = DemoPki.issue(URI.create("http://127.0.0.1:1/"), NOW);
    private static final X509Certificate INTERMEDIATE = PKI.intermediate().certificate();

    private final HttpClient client = HttpClient.newHttpClient();
    private final StatusBook book = PKI.book(Duration.ofHours(8), InstantSource.fixed(NOW));
    private Responder responder;

    @BeforeEach
    void start() throws IOException {
        responder = Responder.start(0, book);
    }

    @AfterEach
    void stop() {
        responder.close();
        client.close();
    }

    @ParameterizedTest
    @EnumSource
    void answersPostAndGetByEitherHash(CertIdHash hash) throws Exception {
        byte[] request = OcspRequest.encode(CertId.of(hash, PKI.server(), INTERMEDIATE));

        assertThat(judge(post(request))).isInstanceOf(Verdict.Good.class);
        assertThat(judge(get(request))).isInstanceOf(Verdict.Good.class);
        assertThat(responder.requests()).isEqualTo(2);
    }

    @Test
    void answersForTheIntermediateToo() throws Exception {
        X509Certificate root = PKI.root().certificate();
        byte[] response = post(OcspRequest.encode(CertId.of(CertIdHash.SHA1, INTERMEDIATE, root)));

        assertThat(validator().judge(response, INTERMEDIATE, root, NOW)).isInstanceOf(Verdict.Good.class);
    }

    @Test
    void saysWhatIsInTheBookAtTheMoment() throws Exception {
        byte[] request = OcspRequest.encode(CertId.of(CertIdHash.SHA256, PKI.server(), INTERMEDIATE));

        book.revoke(PKI.server());
        assertThat(judge(post(request))).isInstanceOf(Verdict.Revoked.class);
        book.forget(PKI.server());
        assertThat(judge(post(request))).isInstanceOf(Verdict.Unknown.class);
        book.restore(PKI.server());
        assertThat(judge(post(request))).isInstanceOf(Verdict.Good.class);
    }

    @Test
    void isUnauthorizedForCertificatesOfOthers() throws Exception {
        DemoPki others = DemoPki.issue(URI.create("http://127.0.0.1:1/"), NOW);
        byte[] request = OcspRequest.encode(CertId.of(
                CertIdHash.SHA1, others.server(), others.intermediate().certificate()));

        assertThat(judge(post(request)).reasons())
                .extracting(Verdict.Reason::code)
                .containsExactly(Verdict.Code.UNAUTHORIZED);
    }

    @Test
    void saysMalformedRequestToEverythingElse() throws Exception {
        for (byte[] response : List.of(
                post(new byte[0]),
                post(new byte[] {1, 2, 3}),
                send(HttpRequest.newBuilder(responder.url().resolve("/%21%21"))))) {
            assertThat(judge(response).reasons())
                    .extracting(Verdict.Reason::text)
                    .containsExactly("the responder says malformedRequest");
        }
    }

    private byte[] post(byte[] request) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(responder.url())
                .header("Content-Type", "application/ocsp-request")
                .POST(BodyPublishers.ofByteArray(request)));
    }

    private byte[] get(byte[] request) throws IOException, InterruptedException {
        String path = URLEncoder.encode(Base64.getEncoder().encodeToString(request), StandardCharsets.UTF_8);
        return send(HttpRequest.newBuilder(URI.create(responder.url() + path)));
    }

    private byte[] send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/ocsp-response");
        return response.body();
    }

    private static Verdict judge(byte[] response) {
        return validator().judge(response, PKI.server(), INTERMEDIATE, NOW);
    }

    private static OcspValidator validator() {
        return new OcspValidator(Duration.ZERO, null);
    }
}
