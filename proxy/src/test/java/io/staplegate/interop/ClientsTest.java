package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every client that devices have, with nothing to reach but the proxy: the responder is gone once it has been asked. */
class ClientsTest {
    @TempDir
    static Path folder;

    private static StapledServer server;

    @BeforeAll
    static void startAndLoseResponder() throws Exception {
        server = StapledServer.in(folder, Duration.ofHours(12)).start().loseResponder();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void opensslSeesAGoodStapleInItsFirstHandshake(String version) {
        var outcome = ExternalProgram.named("openssl")
                .run(
                        "s_client",
                        version,
                        "-connect",
                        "localhost:" + server.port(),
                        "-CAfile",
                        server.ca(),
                        "-verify_return_error",
                        "-status");
        assertThat(outcome.output())
                .contains("OCSP Response Status: successful", "Cert Status: good", "Verify return code: 0 (ok)");
        assertThat(outcome.exit()).isZero();
    }

    @Test
    void opensslIsSentNothingThatItDidNotAskFor() {
        var outcome = ExternalProgram.named("openssl")
                .run("s_client", "-tls1_3", "-connect", "localhost:" + server.port(), "-CAfile", server.ca(), "-msg");
        assertThat(outcome.output()).contains("Verify return code: 0 (ok)").doesNotContain("CertificateStatus");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NORMAL:-VERS-ALL:+VERS-TLS1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.3"})
    void gnutlsAcceptsEveryStaple(String priority) {
        var outcome = ExternalProgram.named("gnutls-cli")
                .reading("ping\n")
                .run(
                        "--ocsp",
                        "--x509cafile",
                        server.ca(),
                        "--priority",
                        priority,
                        "-p",
                        String.valueOf(server.port()),
                        "localhost");
        assertThat(outcome.output()).contains("Status: The certificate is trusted", "ping");
        assertThat(outcome.exit()).isZero();
    }

    @Test
    void gnutlsSeesAStapleForEachCertificateInTls13() {
        var outcome = ExternalProgram.named("gnutls-cli")
                .run("--ocsp", "--x509cafile", server.ca(), "-p", String.valueOf(server.port()), "localhost");
        long staples = Pattern.compile("Certificate Status: good")
                .matcher(outcome.output())
                .results()
                .count();
        assertThat(staples).as(outcome.output()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tls-max=1.2", "--tlsv1.3"})
    void curlInsistsOnAStatusAndGetsThePage(String version) {
        var outcome = ExternalProgram.named("curl")
                .run(
                        "--silent",
                        "--show-error",
                        version,
                        "--cert-status",
                        "--cacert",
                        server.ca(),
                        "https://localhost:" + server.port() + "/");
        assertThat(outcome.output()).contains("Staplegate");
        assertThat(outcome.exit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theJdkAcceptsTheWholeChainWithoutAsking(String protocol) throws Exception {
        var device = HardFailingDevice.trusting(server.pki().root().certificate());
        assertThat(device.echo(server.port(), protocol, "reading 42")).isEqualTo("reading 42");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-v 3 -W 1m", "-v 3 -W 2m", "-v 3 -W 3m", "-v 4 -W 1m"})
    void wolfsslIsSatisfiedWithWhatIsStapled(String options, @TempDir Path workshop) throws Exception {
        String port = String.valueOf(server.port());
        String line = "-h 127.0.0.1 -p " + port + " -A " + server.ca() + " -x -C " + options;
        var outcome = WolfsslClient.buildIn(workshop).run(line.split(" "));
        assertThat(outcome.output()).doesNotContain("error");
        assertThat(outcome.exit()).as(outcome.output()).isZero();
    }

    @Test
    void aDeviceThatTrustsAnotherRootIsNotFooled(@TempDir Path elsewhere) throws Exception {
        try (StapledServer other = StapledServer.in(elsewhere, Duration.ofHours(12))) {
            var device = HardFailingDevice.trusting(other.pki().root().certificate());
            assertThatThrownBy(() -> device.echo(server.port(), "TLSv1.3", "x"))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }
}
