package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check}: every problem at once, and no socket. */
final class CheckCommandTest {
    @TempDir
    private Path folder;

    @Test
    void aGoodConfigurationIsOkAlsoWhileItsPortIsInUse() throws IOException {
        try (Site site = Site.in(folder);
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            site.configure(other.getLocalPort(), 0);
            assertThat(check(site)).isEqualTo(new Outcome(0, "ok" + System.lineSeparator(), ""));
        }
    }

    @Test
    void everyProblemOfEveryStageIsPrintedAndRunRefusesAlike() throws IOException {
        try (Site site = Site.in(folder)) {
            site.append("surprise: 1\nocsp: { leeway: 5 }");
            site.replace("key: server.key", "key: device.key");
            Outcome outcome = check(site);
            assertThat(outcome.exit()).isEqualTo(78);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err())
                    .contains("error: surprise: ")
                    .contains("error: ocsp.leeway: ")
                    .contains("error: identities[0].key: ")
                    .contains("hint: ")
                    .doesNotContain("Exception");
            assertThat(Outcome.of("run", "--config", site.configuration())).isEqualTo(outcome);
        }
    }

    @Test
    void aWarningIsPrintedAndStillOk() throws IOException {
        try (Site site = Site.in(folder)) {
            Files.delete(site.directory().chain());
            Instant longAgo = Instant.now().minus(Duration.ofDays(400));
            site.directory().pki(site.responder().url(), longAgo);
            Outcome outcome = check(site);
            assertThat(outcome.err())
                    .startsWith("warning: identities[0].certificate: ")
                    .contains("expired");
            assertThat(outcome.exit()).isZero();
            assertThat(outcome.out().strip()).isEqualTo("ok");
        }
    }

    private static Outcome check(Site site) {
        return Outcome.of("check", "--config", site.configuration());
    }
}
