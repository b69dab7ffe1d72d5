package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.RunningProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Staplegate as a stapler for another proxy, which has no way to the CA. */
class HaproxyTest {
    @TempDir
    Path folder;

    @Test
    void haproxyStaplesFromTheExportedFile() throws Exception {
        try (StapledServer server = StapledServer.in(folder, Duration.ofHours(12))) {
            Path site = folder.resolve("site.pem");
            Path exported = folder.resolve("site.pem.ocsp");
            Files.writeString(
                    site,
                    Files.readString(server.directory().chain()) + Files.readString(folder.resolve("server.key")));
            Files.writeString(server.directory().configuration(), """
                    identities:
                      - name: site
                        certificate: chain.pem
                        key: server.key
                        issuers: ca.pem
                        export: [site.pem.ocsp]
                    state: { directory: state }
                    admin: { bind: 127.0.0.1:0 }
                    """);
            server.start().loseResponder();
            await().until(() -> Files.exists(exported));

            int port = FreePort.onLoopback();
            Path configuration = folder.resolve("haproxy.cfg");
            Files.writeString(configuration, """
                    defaults
                      mode tcp
                      timeout connect 5s
                      timeout client 30s
                      timeout server 30s
                    frontend tls
                      bind 127.0.0.1:%d ssl crt %s
                      default_backend none
                    backend none
                    """.formatted(port, site));
            try (RunningProgram _ = ExternalProgram.named("haproxy").start("-db", "-f", configuration)) {
                await().untilAsserted(() -> assertThat(handshake(server, port))
                        .contains("Cert Status: good", "Verify return code: 0 (ok)"));
            }
        }
    }

    private static String handshake(StapledServer server, int port) throws Exception {
        return ExternalProgram.named("openssl")
                .run("s_client", "-connect", "localhost:" + port, "-CAfile", server.ca(), "-status")
                .output();
    }
}
