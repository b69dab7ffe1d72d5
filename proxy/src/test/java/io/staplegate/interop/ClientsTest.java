package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every client that devices have, with nothing to reach but the proxy: the responder is gone once it was asked. */
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

    /** GnuTLS closes its side at the end of its input, which in TLS 1.2 closes both: only TLS 1.3 can still echo. */
    @ParameterizedTest
    @CsvSource({"NORMAL:-VERS-ALL:+VERS-TLS1.2, TLS1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.3, ping"})
    void gnutlsAcceptsEveryStaple(String priority, String expected) {
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
        assertThat(outcome.output()).contains("Status: The certificate is trusted", expected);
        assertThat(outcome.exit()).isZero();
    }

    @Test
    void gnutlsIsSentAStapleForEachCertificateInTls13(@TempDir Path received) throws Exception {
        Path staples = received.resolve("staples.pem");
        ExternalProgram.named("gnutls-cli")
                .run(
                        "--ocsp",
                        "--save-ocsp-multi=" + staples,
                        "--x509cafile",
                        server.ca(),
                        "-p",
                        String.valueOf(server.port()),
                        "localhost");
        assertThat(Files.readString(staples)).containsPattern("(?s)(BEGIN OCSP RESPONSE.*){2}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void curlInsistsOnAStatusAndGetsThePage(String version) {
        var outcome = ExternalProgram.named("curl")
                .run(
                        "--silent",
                        "--show-error",
                        "--tlsv" + version,
                        "--tls-max",
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

    @Test
    void aDeviceThatTrustsAnotherRootIsNotFooled(@TempDir Path elsewhere) throws Exception {
        try (StapledServer other = StapledServer.in(elsewhere, Duration.ofHours(12))) {
            var device = HardFailingDevice.trusting(other.pki().root().certificate());
            assertThatThrownBy(() -> device.echo(server.port(), "TLSv1.3", "x"))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }
}
