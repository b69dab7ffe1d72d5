package io.staplegate.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.ListenerConfig.Protocol;
import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.OcspReply;
import io.staplegate.testing.LossyRelay;
import io.staplegate.testing.LossyRelay.Fate;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The probe over DTLS against {@code openssl s_server}, and against servers that are none. */
final class DtlsProbeTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant HOUR_AGO = NOW.minus(Duration.ofHours(1));
    private static final Duration DAY = Duration.ofDays(1);
    private static final Authority ROOT = Authority.root("Test root", HOUR_AGO, DAY);
    private static final Authority INTERMEDIATE =
            ROOT.intermediate(Issuance.named("Test intermediate").valid(HOUR_AGO, DAY));
    private static final KeyPair KEYS = Authority.newKeys("EC");
    private static final X509Certificate LEAF = INTERMEDIATE.issue(
            Issuance.named("localhost").valid(HOUR_AGO, DAY).names("127.0.0.1").serverAuth(), KEYS.getPublic());
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "ECDHE-ECDSA-AES128-GCM-SHA256, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0, TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8"
    })
    void aGoodServerIsOk(String ciphers, String suite) throws Exception {
        try (OpensslServer server = server(staple(), "-cipher", ciphers)) {
            ProbeReport report = probe(server.port(), StatusWish.V1, LONG);
            assertThat(report.faults()).isEmpty();
            assertThat(report.ok()).isTrue();
            assertThat(report.protocol()).isEqualTo("DTLSv1.2");
            assertThat(report.suite()).isEqualTo(suite);
            assertThat(report.connectionId()).as("OpenSSL has none").isNull();
            assertThat(report.chain().getFirst().staple())
                    .extracting(ProbeReport.Staple::verdict)
                    .isEqualTo("good");
            assertThat(report.bytesSent()).isBetween(200L, 1000L);
            assertThat(report.bytesReceived()).isGreaterThan(600);
            assertThat(report.datagramsSent()).isBetween(2L, 5L);
            assertThat(report.datagramsReceived()).isBetween(2L, 4L);
        }
    }

    @Test
    void aMissingStapleIsAFaultForADeviceThatAsks() throws Exception {
        try (OpensslServer server = server(null)) {
            assertThat(probe(server.port(), StatusWish.V1, LONG).faults())
                    .containsExactly("staple 0: none came, although one was asked for");
        }
    }

    @Test
    void aDeviceThatDoesNotAskGetsNone() throws Exception {
        try (OpensslServer server = server(staple())) {
            ProbeReport report = probe(server.port(), StatusWish.NONE, LONG);
            assertThat(report.ok()).isTrue();
            assertThat(report.chain().getFirst().staple()).isNull();
        }
    }

    @Test
    void datagramsThatAreLostAreSentAgain() throws Exception {
        try (OpensslServer server = server(staple());
                LossyRelay path =
                        LossyRelay.before(server.port(), (_, number, _) -> number == 1 ? Fate.LOSE : Fate.PASS)) {
            ProbeReport report = probe(path.port(), StatusWish.V1, LONG);
            assertThat(report.faults()).isEmpty();
            assertThat(report.handshakeMilliseconds()).isGreaterThanOrEqualTo(1000);
        }
    }

    @Test
    void anAlertIsAFault() throws Exception {
        try (OpensslServer server = server(null, "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384")) {
            ProbeReport report = probe(server.port(), StatusWish.V1, LONG);
            assertThat(report.faults()).containsExactly("alert received: handshake_failure(40)");
            assertThat(report.datagramsReceived()).isPositive();
        }
    }

    @Test
    void aPortThatNobodyListensOnIsAFaultAtOnce() throws Exception {
        int port;
        try (DatagramSocket closed = silent()) {
            port = closed.getLocalPort();
        }
        ProbeReport report = probe(port, StatusWish.V1, Duration.ofHours(1));
        assertThat(report.protocol()).isNull();
        assertThat(report.faults()).containsExactly("no connection: nobody listens on that UDP port");
    }

    @Test
    void aPortThatSaysNothingIsAFaultBeforeTheTimeout() throws Exception {
        try (DatagramSocket silent = silent()) {
            ProbeReport report = probe(silent.getLocalPort(), StatusWish.V1, Duration.ofMillis(600));
            assertThat(report.faults())
                    .containsExactly("no answer within 300 ms: a wrong UDP port or a firewall may look like this");
            assertThat(report.datagramsSent()).isEqualTo(1);
            assertThat(report.bytesSent()).isGreaterThan(100);
        }
    }

    @Test
    void aServerThatFallsSilentIsAFaultAtTheTimeout() throws Exception {
        try (OpensslServer server = server(staple());
                LossyRelay path =
                        LossyRelay.before(server.port(), (_, number, _) -> number > 1 ? Fate.LOSE : Fate.PASS)) {
            assertThat(probe(path.port(), StatusWish.V1, Duration.ofSeconds(2)).faults())
                    .containsExactly("no end of the handshake within 2000 ms");
        }
    }

    private OpensslServer server(byte @Nullable [] staple, String... options) throws IOException {
        String[] all = Stream.concat(Stream.of("-dtls1_2", "-mtu", "1400"), Stream.of(options))
                .toArray(String[]::new);
        List<X509Certificate> chain = List.of(LEAF, INTERMEDIATE.certificate());
        return OpensslServer.start(folder, chain, KEYS.getPrivate(), staple, all);
    }

    private static byte[] staple() {
        return OcspReply.good(
                        OcspReply.certId(LEAF, INTERMEDIATE.certificate(), false),
                        INTERMEDIATE,
                        HOUR_AGO,
                        Duration.ofHours(8))
                .encode();
    }

    private static DatagramSocket silent() throws IOException {
        return new DatagramSocket(0, InetAddress.getLoopbackAddress());
    }

    private static ProbeReport probe(int port, StatusWish status, Duration timeout) {
        var request =
                new ProbeRequest(Protocol.DTLS, "127.0.0.1", port, Set.of(ROOT.certificate()), null, status, timeout);
        return Probe.run(request, InstantSource.fixed(NOW));
    }
}
