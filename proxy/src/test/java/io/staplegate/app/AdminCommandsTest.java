package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code staples} and {@code refresh}, against a running proxy. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AdminCommandsTest {
    private final Site site;
    private final Proxy proxy;
    private final String url;

    AdminCommandsTest(@TempDir Path folder) throws Exception {
        site = Site.in(folder);
        proxy = site.start();
        url = "http://127.0.0.1:" + Site.port(proxy.ports(), "admin");
    }

    @AfterAll
    void close() throws IOException {
        proxy.close();
        site.close();
    }

    @Test
    void staplesIsATableWithALineForEachCertificate() {
        Outcome outcome = Outcome.of("staples", "--admin", url);
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out().lines())
                .satisfiesExactly(
                        heading -> assertThat(heading).matches("IDENTITY +CERTIFICATE +POSITION +STATUS .*LAST ERROR"),
                        leaf -> assertThat(leaf).matches("demo +[0-9a-f]+ +0 +good +\\d+s +(7h 59m|8h 0m) .* -"),
                        issuer -> assertThat(issuer).matches("demo +[0-9a-f]+ +1 +good .* -"));
    }

    @Test
    void staplesAsJsonIsWhatTheEndpointAnswers() throws Exception {
        Outcome outcome = Outcome.of("staples", "--json", "--admin", url);
        assertThat(outcome.out().strip())
                .isEqualTo(Site.get(proxy.ports(), "/staples").body());
    }

    @Test
    void refreshEndsWhenTheResponderHasBeenAsked() {
        long before = site.responder().requests();
        Outcome outcome = Outcome.of("refresh", "--admin", url, "demo");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out().lines()).hasSize(3);
        assertThat(site.responder().requests()).isEqualTo(before + 2);
    }

    @Test
    void timesAreCountedByTheClockOfTheProxy(@TempDir Path folder) throws Exception {
        try (Site there = Site.in(folder);
                Proxy ahead =
                        there.start(Duration.ofHours(1), () -> Instant.now().plus(Duration.ofHours(2)))) {
            String admin = "http://127.0.0.1:" + Site.port(ahead.ports(), "admin");
            for (String command : List.of("staples", "refresh")) {
                Outcome outcome = Outcome.of(command, "--admin", admin);
                assertThat(outcome.out()).as(command).containsPattern("good +2h 0m +(5h 59m|6h 0m) ");
            }
        }
    }

    @Test
    void refreshOfNobodyFails() {
        Outcome outcome = Outcome.of("refresh", "--admin", url, "nobody & co");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("error: ").contains("\"nobody & co\"");
    }

    @Test
    void nobodyThereIsAnErrorWithAHint() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        Outcome outcome = Outcome.of("staples", "--admin", "http://127.0.0.1:" + free);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("error: no answer from http://127.0.0.1:" + free)
                .contains("hint: start the proxy, or name its admin endpoint with --admin URL");
    }

    @Test
    void anotherServerIsNotTakenForAProxy() {
        Outcome outcome = Outcome.of("staples", "--admin", site.responder().url());
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("error: the answer is no staples view");
    }
}
