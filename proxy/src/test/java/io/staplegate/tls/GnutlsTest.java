package io.staplegate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.handshake.Site;
import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.RunningProgram;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GnuTLS's client as a device: it checks every staple that it gets, and refuses the handshake over a bad one. */
final class GnutlsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "EC, NORMAL:-VERS-TLS-ALL:+VERS-TLS1.3",
        "EC, NORMAL:-VERS-TLS-ALL:+VERS-TLS1.2",
        "RSA, NORMAL:-VERS-TLS-ALL:+VERS-TLS1.3",
        "RSA, NORMAL:-VERS-TLS-ALL:+VERS-TLS1.2",
        "Ed25519, NORMAL:-VERS-TLS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-X25519"
    })
    void acceptsEveryStapleItIsSent(String key, String priority) throws Exception {
        Site site = new Site(key);
        try (Server server = new Server(site).open();
                RunningProgram client = ExternalProgram.named("gnutls-cli")
                        .start(
                                "--ocsp",
                                "--x509cafile",
                                Pem.write(folder.resolve("ca.pem"), site.root()),
                                "--priority",
                                priority,
                                "--port",
                                server.port(),
                                "localhost")) {
            var outcome = client.awaitOutput("Handshake was completed")
                    .send("ping\n")
                    .awaitOutput("\nping\n")
                    .finish();
            assertThat(outcome.output()).contains("The certificate is trusted", "OCSP status request");
            assertThat(outcome.exit()).isZero();
        }
    }
}
