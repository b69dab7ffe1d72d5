package io.staplegate.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.ListenerConfig.Protocol;
import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.OcspReply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The probe against {@code openssl s_server}, and against servers that are none. */
final class ProbeTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant HOUR_AGO = NOW.minus(Duration.ofHours(1));
    private static final Duration DAY = Duration.ofDays(1);
    private static final Authority ROOT = Authority.root("Test root", HOUR_AGO, DAY);
    private static final Authority INTERMEDIATE =
            ROOT.intermediate(Issuance.named("Test intermediate").valid(HOUR_AGO, DAY));
    private static final KeyPair KEYS = Authority.newKeys("EC");
    private static final X509Certificate LEAF = leaf(issuance -> issuance.serverAuth());

    @TempDir
    private Path folder;

    private Set<X509Certificate> trusted = Set.of(ROOT.certificate());

    @ParameterizedTest
    @CsvSource({"-tls1_3, TLSv1.3, TLS_AES_128_GCM_SHA256", "-tls1_2, TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
    })
    void aGoodServerIsOk(String option, String version, String suite) throws Exception {
        byte[] staple = reply().encode();
        try (OpensslServer server = server(LEAF, staple, option)) {
            ProbeReport report = probe(server.port(), StatusWish.V1);
            assertThat(report.faults()).isEmpty();
            assertThat(report.ok()).isTrue();
            assertThat(report.protocol()).isEqualTo(version);
            assertThat(report.suite()).isEqualTo(suite);
            assertThat(report.bytesReceived()).isGreaterThan(1000);
            assertThat(report.bytesSent()).isGreaterThan(100);
            assertThat(report.chain())
                    .extracting(ProbeReport.Certificate::subject)
                    .containsExactly("CN=localhost", "CN=Test intermediate");
            ProbeReport.Staple leaf =
                    Objects.requireNonNull(report.chain().getFirst().staple());
            assertThat(leaf.verdict()).isEqualTo("good");
            assertThat(leaf.bytes()).isEqualTo(staple.length);
            assertThat(leaf.ageSeconds()).isEqualTo(3600);
            assertThat(report.chain().getLast().staple()).isNull();
        }
    }

    @Test
    void aMissingStapleIsAFaultForADeviceThatAsks() throws Exception {
        try (OpensslServer server = server(LEAF, null)) {
            assertThat(probe(server.port(), StatusWish.V1).faults())
                    .containsExactly("staple 0: none came, although one was asked for");
            assertThat(probe(server.port(), StatusWish.NONE).ok()).isTrue();
        }
    }

    @Test
    void aDeviceThatDoesNotAskGetsNone() throws Exception {
        try (OpensslServer server = server(LEAF, reply().encode())) {
            ProbeReport report = probe(server.port(), StatusWish.NONE);
            assertThat(report.ok()).isTrue();
            assertThat(report.chain()).allMatch(certificate -> certificate.staple() == null);
        }
    }

    @Test
    void aRevokedCertificateIsAFault() throws Exception {
        var revoked = new RevokedStatus(Date.from(HOUR_AGO), CRLReason.keyCompromise);
        assertStaple(reply().status(revoked), "revoked");
    }

    @Test
    void anUnknownCertificateIsAFault() throws Exception {
        assertStaple(reply().status(new UnknownStatus()), "unknown");
    }

    @Test
    void anExpiredStapleIsAFault() throws Exception {
        assertStaple(reply().valid(HOUR_AGO, NOW.minusSeconds(1)), "unusable");
    }

    @Test
    void aStapleOfSomebodyElseIsAFault() throws Exception {
        Authority other = Authority.root("Other root", HOUR_AGO, DAY);
        assertStaple(reply().signedBy(other.certificate(), other.keys()), "unusable");
    }

    @Test
    void anUntrustedChainIsAFault() throws Exception {
        trusted = Set.of(Authority.root("Other root", HOUR_AGO, DAY).certificate());
        try (OpensslServer server = server(LEAF, reply().encode())) {
            assertThat(probe(server.port(), StatusWish.V1).faults())
                    .anyMatch(fault -> fault.startsWith("chain: "))
                    .contains("staple 0: nobody who is trusted can have signed it");
        }
    }

    @Test
    void aServerOfAnotherNameIsAFault() throws Exception {
        try (OpensslServer server = server(LEAF, reply().encode())) {
            ProbeRequest request = request(server.port(), "other.example", StatusWish.V1);
            assertThat(Probe.run(request, InstantSource.fixed(NOW)).faults())
                    .containsExactly("certificate: it is not for \"other.example\"");
        }
    }

    @ParameterizedTest
    @CsvSource({"broker.devices.example, true", "a.b.devices.example, false", "::1, true", "127.0.0.2, false"})
    void namesAreComparedAsDevicesDo(String name, boolean ok) {
        assertThat(ServerCertificate.faults(LEAF, name).isEmpty()).isEqualTo(ok);
    }

    @Test
    void aCertificateWithoutNamesIsForNobody() {
        X509Certificate nameless =
                INTERMEDIATE.issue(Issuance.named("localhost").valid(HOUR_AGO, DAY), KEYS.getPublic());
        assertThat(ServerCertificate.faults(nameless, "localhost")).hasSize(1);
    }

    @Test
    void aDevicesCertificateIsNotAServers() {
        assertThat(ServerCertificate.faults(leaf(issuance -> issuance.clientAuth()), "localhost"))
                .containsExactly("it is not for servers (extended key usage)");
    }

    @Test
    void aServerThatIsNotThereIsAFault() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        ProbeReport report = probe(port, StatusWish.V1);
        assertThat(report.protocol()).isNull();
        assertThat(report.faults()).singleElement().asString().startsWith("no connection: ");
    }

    @Test
    void aServerWithoutTlsIsAFault() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket connection = server.accept()) {
                    connection.getOutputStream().write("220 welcome, stranger\r\n".getBytes(US_ASCII));
                    connection.getInputStream().readAllBytes();
                } catch (IOException e) {
                    // the probe will say
                }
            });
            ProbeReport report = probe(server.getLocalPort(), StatusWish.V1);
            assertThat(report.protocol()).isNull();
            assertThat(report.ok()).isFalse();
        }
    }

    @Test
    void aServerThatSaysNothingIsAFault() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ProbeRequest request = new ProbeRequest(
                    Protocol.TLS,
                    "127.0.0.1",
                    silent.getLocalPort(),
                    trusted,
                    null,
                    StatusWish.V1,
                    Duration.ofMillis(300));
            assertThat(Probe.run(request, InstantSource.fixed(NOW)).faults())
                    .containsExactly("no answer within 300 ms");
        }
    }

    private void assertStaple(OcspReply reply, String verdict) throws Exception {
        try (OpensslServer server = server(LEAF, reply.encode())) {
            ProbeReport report = probe(server.port(), StatusWish.V1);
            assertThat(report.ok()).isFalse();
            assertThat(report.faults()).isNotEmpty().allMatch(fault -> fault.startsWith("staple 0: "));
            assertThat(report.chain().getFirst().staple())
                    .extracting(staple -> Objects.requireNonNull(staple).verdict())
                    .isEqualTo(verdict);
        }
    }

    private static X509Certificate leaf(UnaryOperator<Issuance> purpose) {
        Issuance issuance = Issuance.named("localhost")
                .valid(HOUR_AGO, DAY)
                .names("localhost", "127.0.0.1", "::1", "*.devices.example");
        return INTERMEDIATE.issue(purpose.apply(issuance), KEYS.getPublic());
    }

    private static OcspReply reply() {
        return OcspReply.good(
                OcspReply.certId(LEAF, INTERMEDIATE.certificate(), false), INTERMEDIATE, HOUR_AGO, Duration.ofHours(8));
    }

    private OpensslServer server(X509Certificate leaf, byte @Nullable [] staple, String... options) throws IOException {
        return OpensslServer.start(
                folder, List.of(leaf, INTERMEDIATE.certificate()), KEYS.getPrivate(), staple, options);
    }

    private ProbeReport probe(int port, StatusWish status) {
        return Probe.run(request(port, null, status), InstantSource.fixed(NOW));
    }

    private ProbeRequest request(int port, @Nullable String serverName, StatusWish status) {
        return new ProbeRequest(Protocol.TLS, "127.0.0.1", port, trusted, serverName, status, Duration.ofSeconds(10));
    }
}
