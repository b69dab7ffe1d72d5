package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.testing.ExternalProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** wolfSSL, which many devices have: it fails without a staple, and fetches one itself where none comes. */
class WolfsslTest {
    @TempDir
    static Path folder;

    @TempDir
    static Path workshop;

    private static ExternalProgram client;
    private static @Nullable StapledServer server;

    @BeforeAll
    static void startAndLoseResponder() throws Exception {
        client = WolfsslClient.buildIn(workshop);
        server = StapledServer.in(folder, Duration.ofHours(12)).start().loseResponder();
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    /**
     * {@code -u}: DTLS. {@code -v}: 3 is version 1.2, 4 is 1.3. {@code -W}: status_request, v2 ocsp, v2 ocsp_multi; m:
     * it must come.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-v 3 -W 1m",
                "-v 3 -W 2m",
                "-v 3 -W 3m",
                "-v 4 -W 1m",
                "-u -v 3 -W 1m",
                "-u -v 3 -W 2m",
                "-u -v 3 -W 3m"
            })
    void wolfsslIsSatisfiedWithWhatIsStapled(String options) throws Exception {
        StapledServer running = Objects.requireNonNull(server, "started");
        int port = options.startsWith("-u") ? running.dtlsPort() : running.port();
        String line = "-h 127.0.0.1 -p " + port + " -A " + running.ca() + " -x -C " + options;
        var outcome = client.run((Object[]) line.split(" ", -1));
        assertThat(outcome.output()).doesNotContain("error");
        assertThat(outcome.exit()).as(outcome.output()).isZero();
    }
}
