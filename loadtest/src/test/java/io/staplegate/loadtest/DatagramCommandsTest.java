package io.staplegate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.staplegate.loadtest.wire.Weight;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The tools that start a proxy by themselves, each on a small scale. */
final class DatagramCommandsTest {
    @Test
    void everyHandshakeIsWeighedAtTheProxyAndAtOpenssl() {
        requireOnPath("openssl");
        requireOnPath("gnutls-cli");
        Outcome outcome = Outcome.of("wire", "--json");
        assertThat(outcome.err()).isEmpty();
        List<Weight> weights = JsonMapper.shared().readValue(outcome.out(), new TypeReference<>() {});
        assertThat(weights).hasSizeGreaterThanOrEqualTo(10);
        IntStream.iterate(0, pair -> pair < weights.size(), pair -> pair + 2).forEach(pair -> {
            Weight proxys = weights.get(pair);
            Weight openssls = weights.get(pair + 1);
            assertThat(proxys.server()).isEqualTo("proxy");
            assertThat(openssls.server()).isEqualTo("s_server");
            assertThat(proxys.suite()).isEqualTo(openssls.suite());
            assertThat(proxys.datagrams()).as("R52").isPositive().isLessThanOrEqualTo(openssls.datagrams());
            assertThat(proxys.bytes()).as("R52").isLessThanOrEqualTo((int) (1.03 * openssls.bytes()));
        });
    }

    @Test
    void aSessionThatIsIdleIsCountedAndAnswersAfterwards() {
        Outcome outcome =
                Outcome.of("sessions", "--count", 200, "--backend", "--warmup", 20, "--settle", "0s", "--json");
        SessionsReport report = JsonMapper.shared().readValue(outcome.out(), SessionsReport.class);
        assertThat(outcome.exit()).as(report.toString()).isZero();
        assertThat(report.opened()).isEqualTo(200);
        assertThat(report.open()).isEqualTo(220);
        assertThat(report.answering()).isEqualTo(report.asked()).isPositive();
        long sockets = report.idle().descriptors() - report.before().descriptors();
        assertThat(sockets).as("a backend socket for each session").isBetween(200L, 210L);
        assertThat(report.idle().threads() - report.before().threads()).isLessThan(20);
    }

    @Test
    void honestDevicesConnectInAFloodThatIsNotAmplified() {
        Outcome outcome = Outcome.of(
                "flood",
                "--hellos",
                2000,
                "--half-open",
                200,
                "--honest",
                10,
                "--warmup",
                20,
                "--handshake-timeout",
                "3s",
                "--json");
        FloodReport report = JsonMapper.shared().readValue(outcome.out(), FloodReport.class);
        assertThat(outcome.exit()).as(report.toString()).isZero();
        assertThat(report.honest().connected()).isEqualTo(10);
        assertThat(report.strangers().hellos()).isEqualTo(2000);
        assertThat(report.strangers().amplified()).isZero();
        assertThat(report.strangers().bytesReceived()).isPositive();
        assertThat(report.halfOpen().stopped()).isEqualTo(200);
        assertThat(report.halfOpen().pending()).isPositive();
    }

    @Test
    void handshakesCompleteWhereDatagramsAreLost() {
        Outcome outcome = Outcome.of("loss", "--count", 8, "--percent", "0,10", "--json");
        List<LossCommand.Result> results = JsonMapper.shared().readValue(outcome.out(), new TypeReference<>() {});
        assertThat(results)
                .hasSize(2)
                .allSatisfy(result -> assertThat(result.completed()).isEqualTo(8));
    }

    /** A program that is missing is a visible skip, or a failure where every one is required. */
    private static void requireOnPath(String program) {
        boolean present = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!present && System.getProperty("staplegate.interop", "skip").equals("required")) {
            fail(program + " is not on PATH");
        }
        assumeTrue(present, () -> program + " is not on PATH");
    }
}
