package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.testing.ExternalProgram;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a device sees of an outage: nothing, until what was promised ends. */
class OutageTest {
    private static final String STAPLED = "Cert Status: good";
    private static final String BARE = "OCSP response: no response sent";

    @TempDir
    Path folder;

    @Test
    void staplesOutliveTheResponderAndARestartButNotTheirNextUpdate() throws Exception {
        Duration validity = Duration.ofSeconds(25);
        try (StapledServer server = StapledServer.in(folder, validity).start()) {
            assertThat(handshake(server)).contains(STAPLED);

            server.loseResponder();
            assertThat(handshake(server)).contains(STAPLED);

            server.proxy().kill();
            server.start();
            assertThat(handshake(server)).contains(STAPLED);

            await().atMost(validity.plusSeconds(10))
                    .untilAsserted(() -> assertThat(handshake(server)).contains(BARE));
            assertThat(handshake(server)).contains("Verify return code: 0 (ok)");
        }
    }

    @Test
    void stopsCleanlyOnSigterm() throws Exception {
        try (StapledServer server =
                StapledServer.in(folder, Duration.ofHours(12)).start()) {
            server.proxy().signal("TERM");
            assertThat(server.proxy().exit()).isZero();
        }
    }

    private static String handshake(StapledServer server) throws Exception {
        return ExternalProgram.named("openssl")
                .run("s_client", "-connect", "localhost:" + server.port(), "-CAfile", server.ca(), "-status")
                .output();
    }
}
