package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.testing.ProxyProcess;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        try (ProxyProcess demo = demo(files)) {
            assertThat(demo.ports()).containsOnlyKeys("tls", "dtls", "admin", "responder");
            assertThat(files)
                    .isDirectoryContaining(file -> file.endsWith("chain.pem"))
                    .isDirectoryContaining(file -> file.endsWith("device.pem"))
                    .isDirectoryContaining(file -> file.endsWith("device.key"));
            assertThat(demo.logged()).contains("curl --cert-status --cacert '" + files + "/ca.pem'");
            try (Device device = Device.connect(files.resolve("ca.pem"), demo.port("tls"))) {
                assertThat(device.echo("hello")).isEqualTo("hello");
            }
            Outcome probe =
                    Outcome.of("probe", "127.0.0.1:" + demo.port("dtls"), "--dtls", "--ca", files.resolve("ca.pem"));
            assertThat(probe.exit()).as(probe.err()).isZero();
            assertThat(probe.out()).contains("protocol: DTLSv1.2", "staple 0: good");
            Outcome second = Outcome.of("demo", "--directory", files, "--responder-port", 0);
            assertThat(second.exit()).isEqualTo(1);
            assertThat(second.err()).startsWith("error: --directory: \"" + files + "\"");
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
                    .contains("bind: 127.0.0.1:" + demo.port("dtls"))
                    .contains("bind: 127.0.0.1:" + demo.port("admin"));
        }
        try (ProxyProcess proxy = ProxyProcess.serving(
                        folder.resolve("run.log"), "run", "--config", files.resolve("staplegate.yaml"));
                Device device = Device.connect(files.resolve("ca.pem"), proxy.port("tls"))) {
            assertThat(device.socket().getSession().isValid()).isTrue();
        }
    }

    @Test
    void aMirrorIsThereOnRequest() throws Exception {
        Path files = folder.resolve("mirrored");
        try (ProxyProcess demo = demo(files, "--mirror-port", 0)) {
            assertThat(demo.ports()).containsOnlyKeys("tls", "dtls", "admin", "responder", "mirror");
            assertThat(demo.logged())
                    .contains("openssl ocsp -url http://127.0.0.1:" + demo.port("mirror"), "/intermediate.pem'");
            assertThat(Files.readString(files.resolve("staplegate.yaml")))
                    .contains("bind: 127.0.0.1:" + demo.port("mirror"));
        }
    }

    private ProxyProcess demo(Path files, Object... more) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of("demo", "--directory", files));
        for (String port : List.of("--tls-port", "--dtls-port", "--admin-port", "--responder-port")) {
            arguments.addAll(List.of(port, 0));
        }
        arguments.addAll(List.of(more));
        return ProxyProcess.serving(folder.resolve("demo.log"), arguments.toArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tls-port", "--dtls-port", "--admin-port", "--responder-port", "--mirror-port"})
    void aPortInUseIsToldWithTheOptionThatChoosesIt(String option) throws Exception {
        try (ServerSocket stream = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DatagramSocket datagrams = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            int taken = option.equals("--dtls-port") ? datagrams.getLocalPort() : stream.getLocalPort();
            List<Object> arguments = new ArrayList<>(List.of("demo", "--directory", folder));
            for (String port :
                    List.of("--tls-port", "--dtls-port", "--admin-port", "--responder-port", "--mirror-port")) {
                arguments.addAll(List.of(port, port.equals(option) ? taken : 0));
            }
            Outcome outcome = Outcome.of(arguments.toArray());
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err())
                    .startsWith("error: " + option + ": ")
                    .contains(String.valueOf(taken))
                    .contains("hint: 0 picks a free port")
                    .doesNotContain("Exception");
        }
    }
}
