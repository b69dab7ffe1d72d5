package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.testing.ProxyProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code demo}, as a process: what it promises to scripts. */
final class DemoCommandTest {
    @TempDir
    private Path folder;

    @Test
    void itServesWithStaplesAndItsFilesServeRunAfterwardsWithoutTheResponder() throws Exception {
        Path files = folder.resolve("a folder");
        try (ProxyProcess demo = ProxyProcess.serving(
                folder.resolve("demo.log"),
                "demo",
                "--directory",
                files,
                "--tls-port",
                0,
                "--dtls-port",
                0,
                "--admin-port",
                0,
                "--responder-port",
                0)) {
            assertThat(demo.ports()).containsOnlyKeys("tls", "dtls", "admin", "responder");
            assertThat(files)
                    .isDirectoryContaining(file -> file.endsWith("chain.pem"))
                    .isDirectoryContaining(file -> file.endsWith("device.pem"))
                    .isDirectoryContaining(file -> file.endsWith("device.key"));
            assertThat(demo.logged()).contains("curl --cert-status --cacert '" + files + "/ca.pem'");
            try (Device device = Device.connect(files.resolve("ca.pem"), demo.port("tls"))) {
                assertThat(device.echo("hello")).isEqualTo("hello");
            }
            Outcome staples = Outcome.of("staples", "--admin", "http://127.0.0.1:" + demo.port("admin"));
            assertThat(staples.out().lines())
                    .hasSize(3)
                    .last()
                    .asString()
                    .startsWith("demo ")
                    .contains("good");
            demo.signal("TERM");
            assertThat(demo.exit()).isZero();
            assertThat(Files.readString(files.resolve("staplegate.yaml")))
                    .contains("bind: 127.0.0.1:" + demo.port("tls"))
                    .contains("bind: 127.0.0.1:" + demo.port("admin"));
        }
        try (ProxyProcess proxy = ProxyProcess.serving(
                        folder.resolve("run.log"), "run", "--config", files.resolve("staplegate.yaml"));
                Device device = Device.connect(files.resolve("ca.pem"), proxy.port("tls"))) {
            assertThat(device.socket().getSession().isValid()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tls-port", "--admin-port", "--responder-port"})
    void aPortInUseIsToldWithTheOptionThatChoosesIt(String option) throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Outcome outcome = Outcome.of(
                    "demo",
                    "--directory",
                    folder,
                    "--tls-port",
                    option.equals("--tls-port") ? other.getLocalPort() : 0,
                    "--admin-port",
                    option.equals("--admin-port") ? other.getLocalPort() : 0,
                    "--responder-port",
                    option.equals("--responder-port") ? other.getLocalPort() : 0);
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err())
                    .startsWith("error: " + option + ": ")
                    .contains(String.valueOf(other.getLocalPort()))
                    .contains("hint: 0 picks a free port")
                    .doesNotContain("Exception");
        }
    }
}
