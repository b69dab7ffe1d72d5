package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.demo.Authority;
import io.staplegate.demo.DemoPki;
import io.staplegate.demo.Issuance;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mirror as part of the proxy: for whom it answers. */
final class MirrorTest {
    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void open() throws IOException {
        site = Site.in(folder);
    }

    @AfterEach
    void close() throws IOException {
        site.close();
    }

    @Test
    void aReloadSwapsTheCasThatAreAnsweredFor() throws Exception {
        site.append("mirror: { bind: \"127.0.0.1:0\" }");
        DemoPki first = site.pki();
        try (Proxy proxy = site.start()) {
            assertThat(proxy.ports().keySet()).last().isEqualTo("mirror");
            assertThat(ask(proxy, first.server(), first.intermediate())).isEqualTo(OCSPResp.SUCCESSFUL);
            assertThat(ask(proxy, first.device(), first.intermediate())).isEqualTo(OCSPResp.SUCCESSFUL);

            Files.delete(site.directory().chain());
            DemoPki second = site.pki();
            site.book().open(second.intermediate());
            assertThat(ask(proxy, second.device(), second.intermediate())).isEqualTo(OCSPResp.UNAUTHORIZED);
            proxy.reload();

            await().until(() -> ask(proxy, second.device(), second.intermediate()) == OCSPResp.SUCCESSFUL);
            assertThat(ask(proxy, second.server(), second.intermediate())).isEqualTo(OCSPResp.SUCCESSFUL);
            assertThat(ask(proxy, first.device(), first.intermediate())).isEqualTo(OCSPResp.UNAUTHORIZED);
        }
    }

    @Test
    void moreCasCanBeNamed() throws Exception {
        Authority devices = Authority.root("Devices", Instant.now(), Duration.ofDays(30));
        site.book().open(devices);
        X509Certificate device = devices.issue(
                Issuance.named("meter").valid(Instant.now(), Duration.ofDays(1)),
                Authority.newKeys("EC").getPublic());
        try (var pem = new JcaPEMWriter(Files.newBufferedWriter(folder.resolve("devices.pem")))) {
            pem.writeObject(devices.certificate());
        }
        site.append("""
                mirror:
                  bind: 127.0.0.1:0
                  issuers:
                    - { certificate: devices.pem, responders: ["%s"] }
                """.formatted(site.responder().url()));
        try (Proxy proxy = site.start()) {
            assertThat(ask(proxy, device, devices)).isEqualTo(OCSPResp.SUCCESSFUL);
        }
    }

    /** It was kept by SHA-256, and the staples, which are fetched by SHA-1, know better by now. */
    @Test
    void aKeptAnswerDoesNotContradictWhatIsKnownOfOurOwnCertificate() throws Exception {
        site.append("mirror: { bind: \"127.0.0.1:0\" }");
        X509Certificate server = site.pki().server();
        X509Certificate issuer = site.pki().intermediate().certificate();
        CertId bySha256 = CertId.of(CertIdHash.SHA256, server, issuer);
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        try (Proxy proxy = site.start(Duration.ofHours(1), now::get)) {
            assertThat(status(ask(proxy, bySha256))).isEqualTo(CertificateStatus.GOOD);

            site.book().revoke(server);
            refresh(proxy);
            assertThat(status(ask(proxy, CertId.of(CertIdHash.SHA1, server, issuer))))
                    .isInstanceOf(RevokedStatus.class);
            assertThat(ask(proxy, bySha256).getStatus())
                    .as("asked a moment ago")
                    .isEqualTo(OCSPResp.TRY_LATER);

            now.updateAndGet(before -> before.plusSeconds(30));
            assertThat(status(ask(proxy, bySha256))).isInstanceOf(RevokedStatus.class);
        }
    }

    @Test
    void aPortInUseIsToldWithItsKey() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            site.append("mirror: { bind: \"127.0.0.1:" + taken.getLocalPort() + "\" }");

            Outcome outcome = Outcome.of("run", "--config", site.configuration());

            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.err())
                    .startsWith("error: mirror.bind: ")
                    .contains("127.0.0.1:" + taken.getLocalPort(), "Address already in use")
                    .doesNotContain("Exception");
        }
    }

    /** The status of the response about a certificate (RFC 6960 §4.2.1). */
    private static int ask(Proxy proxy, X509Certificate certificate, Authority issuer)
            throws IOException, InterruptedException {
        return ask(proxy, CertId.of(CertIdHash.SHA1, certificate, issuer.certificate()))
                .getStatus();
    }

    private static OCSPResp ask(Proxy proxy, CertId id) throws IOException, InterruptedException {
        return new OCSPResp(post(proxy, "mirror", "/", OcspRequest.encode(id)));
    }

    /** What a response says of its certificate; null: good. */
    private static @Nullable CertificateStatus status(OCSPResp response) throws OCSPException {
        return ((BasicOCSPResp) response.getResponseObject()).getResponses()[0].getCertStatus();
    }

    private static void refresh(Proxy proxy) throws IOException, InterruptedException {
        var _ = post(proxy, "admin", "/refresh", new byte[0]);
    }

    private static byte[] post(Proxy proxy, String port, String path, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + Site.port(proxy.ports(), port) + path))
                .header("Content-Type", "application/ocsp-request")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
        }
    }
}
