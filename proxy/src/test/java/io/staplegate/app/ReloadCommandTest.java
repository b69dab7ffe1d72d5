package io.staplegate.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.admin.ReloadReport;
import io.staplegate.demo.DemoPki;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.FaultyResponder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code staplegate reload}, and what comes of several at once. */
@Timeout(60)
final class ReloadCommandTest {
    private Site site;

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        site = Site.in(folder);
    }

    @AfterEach
    void close() throws IOException {
        site.close();
    }

    @Test
    void itEndsWhenTheNewCertificateIsServedAndConnectionsLiveOn() throws Exception {
        try (Proxy proxy = site.start();
                Device tls = site.connect(proxy.ports());
                DatagramDevice dtls = DatagramDevice.connect(Site.port(proxy.ports(), "dtls"))) {
            var renewed = renew().server();

            Outcome outcome = reload(proxy);

            assertThat(outcome.exit()).isZero();
            assertThat(outcome.out()).isEqualTo("reloaded\n");
            assertThat(tls.echo("hello")).isEqualTo("hello");
            assertThat(dtls.echo("hello")).isEqualTo("hello");
            assertThat(renewed).isNotIn(tls.server(), dtls.server());
            try (Device after = site.connect(proxy.ports())) {
                assertThat(after.server()).isEqualTo(renewed);
            }
        }
    }

    @Test
    void aRefusalHasEveryProblemAsCheckHasAndChangesNothing() throws Exception {
        try (Proxy proxy = site.start()) {
            var inForce = site.pki().server();
            renew();
            site.replace("issuers: ca.pem", "issuers: none.pem\n    staple: on");

            Outcome outcome = reload(proxy);

            assertThat(outcome.exit()).isEqualTo(78);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err())
                    .isEqualTo(Outcome.of("check", "--config", site.configuration())
                            .err())
                    .contains("identities[0].staple: unknown key", "\"none.pem\" does not exist");
            try (Device after = site.connect(proxy.ports())) {
                assertThat(after.server()).isEqualTo(inForce);
            }
        }
    }

    @Test
    void whoAsksDuringAReloadGetsTheResultOfTheNextOne() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<Void> answers = new CompletableFuture<>();
        try (FaultyResponder slow = FaultyResponder.start(site.book());
                Proxy proxy = site.start()) {
            slow.behave(exchange -> {
                asked.countDown();
                answers.join();
                Behaviour.honest().answer(exchange);
            });
            renew();
            site.replace("issuers: ca.pem", "issuers: ca.pem\n    responders: [\"" + slow.url() + "\"]");
            CompletableFuture<ReloadReport> first = proxy.reload();
            assertThat(asked.await(20, SECONDS)).isTrue();
            site.replace("issuers: ca.pem", "issuers: none.pem");
            CompletableFuture<ReloadReport> second = proxy.reload();
            CompletableFuture<ReloadReport> third = proxy.reload();
            assertThat(first).isNotDone();

            answers.complete(null);

            assertThat(first.get(20, SECONDS).reloaded()).isTrue();
            assertThat(second.get(20, SECONDS).reloaded()).isFalse();
            assertThat(third.get(20, SECONDS)).isEqualTo(second.get());
        }
    }

    @Test
    void whoAsksAProxyThatHasStoppedWaitsForNothing() throws Exception {
        Proxy proxy = site.start();
        proxy.close();
        assertThat(proxy.reload()).isCancelled();
    }

    private DemoPki renew() throws IOException {
        Files.delete(site.directory().chain());
        DemoPki renewed = site.pki();
        site.book().open(renewed.intermediate());
        return renewed;
    }

    private static Outcome reload(Proxy proxy) {
        return Outcome.of("reload", "--admin", "http://127.0.0.1:" + Site.port(proxy.ports(), "admin"));
    }
}
