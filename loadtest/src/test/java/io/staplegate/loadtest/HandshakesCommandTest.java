package io.staplegate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.DemoDirectory;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** The load test against the demo, and against servers that are none. */
final class HandshakesCommandTest {
    @TempDir
    private static Path folder;

    private static DemoProcess demo;

    @BeforeAll
    static void startTheDemo() throws IOException {
        demo = DemoProcess.start(folder);
    }

    @AfterAll
    static void stopTheDemo() {
        demo.close();
    }

    @ParameterizedTest
    @CsvSource({
        "1.3, v1, TLSv1.3, chain",
        "1.3, none, TLSv1.3, not_requested",
        "1.2, v1, TLSv1.2, leaf",
        "1.2, v2, TLSv1.2, chain"
    })
    void everyHandshakeIsCountedByVersionAndStaple(String tls, String status, String version, String staple) {
        Report report = report(load(demo.port(), "--tls", tls, "--status", status, "--ca", demo.ca()));
        assertThat(report.handshakes()).isEqualTo(20);
        assertThat(report.failed()).isZero();
        assertThat(report.versions()).isEqualTo(Map.of(version, 20L));
        assertThat(report.staples()).isEqualTo(Map.of(staple, 20L));
        assertThat(report.perSecond()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"v1, leaf", "v2, chain", "none, not_requested"})
    void everyHandshakeOverDtlsIsCountedWithItsDatagrams(String status, String staple) {
        Report report = report(load(demo.dtlsPort(), "--dtls", "--status", status, "--ca", demo.ca()));
        assertThat(report.failures()).isEmpty();
        assertThat(report.versions()).isEqualTo(Map.of("DTLSv1.2", 20L));
        assertThat(report.staples()).isEqualTo(Map.of(staple, 20L));
        assertThat(Objects.requireNonNull(report.datagramsSent()).min()).isPositive();
        assertThat(Objects.requireNonNull(report.datagramsReceived()).min()).isBetween(3L, 4L);
    }

    @Test
    void aServerThatIsSilentOverUdpCostsTheTimeout() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Report report = report(load(silent.getLocalPort(), "--dtls", "--timeout", "200ms", "--concurrency", 20));
            assertThat(report.handshakes()).isZero();
            assertThat(report.failures())
                    .containsOnlyKeys("no answer within 100 ms: a wrong UDP port or a firewall may look like this");
        }
    }

    @Test
    void aDeviceThatIsAnsweredBehindItsHandshakeIsCounted() {
        Report report = report(load(demo.port(), "--get", "--ca", demo.ca()));
        assertThat(report.failures()).isEmpty();
        assertThat(report.handshakes()).isEqualTo(20);
    }

    @Test
    void aKeyThatIsNoneIsAUsageError() {
        Outcome outcome = load(demo.port(), "--certificate", demo.ca(), "--key", demo.ca());
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).contains("error: --key: \"" + demo.ca() + "\" holds no key in PKCS#8 and PEM");
    }

    @Test
    void bytesAreThoseOfTheHandshakeAlone() {
        Report with = report(load(demo.port(), "--ca", demo.ca()));
        Report without = report(load(demo.port(), "--ca", demo.ca(), "--status", "none"));
        assertThat(Objects.requireNonNull(with.bytesSent()).min()).isBetween(250L, 450L);
        assertThat(with.bytesSent().max()).isEqualTo(with.bytesSent().min());
        double staples = Objects.requireNonNull(with.bytesReceived()).mean()
                - Objects.requireNonNull(without.bytesReceived()).mean();
        assertThat(staples).as("two staples").isBetween(500.0, 2_000.0);
    }

    @Test
    void theProcessorTimeOfTheProxyIsCounted() {
        Report report =
                report(load(demo.port(), "--count", 200, "--pid", demo.process().pid()));
        assertThat(report.cpu()).isNotNull().isPositive();
    }

    @Test
    void withoutACaTheTopmostCertificateIsTrustedAndThatIsSaid() {
        Outcome outcome = load(demo.port());
        assertThat(report(outcome).handshakes()).isEqualTo(20);
        assertThat(outcome.err()).startsWith("note: without --ca, the topmost certificate");
    }

    @Test
    void aChainThatTheCaDidNotIssueFailsTheHandshake() throws IOException {
        DemoDirectory other = new DemoDirectory(folder.resolve("other"));
        other.pki(URI.create("http://127.0.0.1/"), Instant.now());
        Outcome outcome = load(demo.port(), "--ca", other.ca());
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(report(outcome).failures()).hasSize(1).allSatisfy((reason, count) -> {
            assertThat(reason).startsWith("chain: ");
            assertThat(count).isEqualTo(20);
        });
    }

    @Test
    void aPortThatRefusesFailsEveryHandshake() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        Outcome outcome = load(port);
        Report report = report(outcome);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(report.handshakes()).isZero();
        assertThat(report.failures()).isEqualTo(Map.of("no connection: Connection refused", 20L));
        assertThat(report.latency()).isNull();
    }

    @Test
    void aServerThatNeverAnswersCostsTheTimeoutOnce() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Report report = report(load(silent.getLocalPort(), "--timeout", "200ms", "--concurrency", 20));
            assertThat(report.failures()).isEqualTo(Map.of("no answer within 200 ms", 20L));
            assertThat(report.seconds()).isBetween(0.2, 5.0);
        }
    }

    @Test
    void peopleGetALineForEachFinding() {
        List<Object> words = arguments(demo.port(), "--ca", demo.ca());
        words.remove("--json");
        Outcome outcome = Outcome.of(words.toArray());
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out())
                .containsSubsequence(
                        "handshakes", "latency", "bytes sent", "bytes received", "versions", "staples", "failures");
    }

    private static List<Object> arguments(int port, Object... options) {
        List<Object> words = new ArrayList<>();
        Collections.addAll(words, "handshakes", "--target", "127.0.0.1:" + port, "--json");
        words.addAll(List.of(options));
        Map.of("--count", 20, "--concurrency", 4, "--warmup", 0).forEach((option, value) -> {
            if (!words.contains(option)) {
                Collections.addAll(words, option, value);
            }
        });
        return words;
    }

    private static Outcome load(int port, Object... options) {
        return Outcome.of(arguments(port, options).toArray());
    }

    private static Report report(Outcome outcome) {
        return JsonMapper.shared().readValue(outcome.out(), Report.class);
    }
}
