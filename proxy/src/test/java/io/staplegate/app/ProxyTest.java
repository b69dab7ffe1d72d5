package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.demo.DemoPki;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole proxy in this process: start, restart, reload. */
final class ProxyTest {
    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void open() throws IOException {
        site = Site.in(folder);
    }

    @AfterEach
    void close() throws IOException {
        site.close();
    }

    @Test
    void theFirstHandshakeIsStapledAlsoAfterARestartWithoutTheResponder() throws Exception {
        try (Proxy proxy = site.start();
                Device device = site.connect(proxy.ports())) {
            assertThat(device.echo("hello")).isEqualTo("hello");
        }
        site.responder().close();
        try (Proxy proxy = site.start();
                Device device = site.connect(proxy.ports())) {
            assertThat(device.echo("hello")).isEqualTo("hello");
        }
    }

    @Test
    void itIsReadyOnceItServes() throws Exception {
        try (Proxy proxy = site.start()) {
            assertThat(Site.get(proxy.ports(), "/readyz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aReloadServesTheNewCertificateWithItsStapleAndKeepsOpenSessions() throws Exception {
        X509Certificate first = site.pki().server();
        try (Proxy proxy = site.start();
                Device before = site.connect(proxy.ports())) {
            DemoPki renewed = renew();
            assertThat(renewed.server()).isNotEqualTo(first);
            proxy.reload();
            awaitMetric(proxy, "staplegate_config_reloads_total{outcome=\"accepted\"} 1");
            assertThat(before.echo("hello")).isEqualTo("hello");
            try (Device after = site.connect(proxy.ports())) {
                assertThat(after.server()).isEqualTo(renewed.server());
            }
        }
    }

    @Test
    void aReloadDoesNotTakeTheStapleFromAnIdentityThatMustHaveOne() throws Exception {
        site.replace("issuers: ca.pem", "issuers: ca.pem\n    stapling: must");
        site.append("ocsp: { startTimeout: 3s, timeout: 2s }");
        X509Certificate first = site.pki().server();
        try (Proxy proxy = site.start()) {
            DemoPki renewed = renew();
            assertThat(renewed.server()).isNotEqualTo(first);
            site.responder().close();
            proxy.reload();
            awaitMetric(proxy, "staplegate_config_reloads_total{outcome=\"refused\"} 1");
            assertThat(Site.get(proxy.ports(), "/readyz").statusCode()).isEqualTo(200);
            try (Device after = site.connect(proxy.ports())) {
                assertThat(after.server()).isEqualTo(first);
            }
        }
    }

    @Test
    void aChangedFileIsNoticed() throws Exception {
        try (Proxy proxy = site.start(Duration.ofMillis(50))) {
            renew();
            awaitMetric(proxy, "staplegate_config_reloads_total{outcome=\"accepted\"} 1");
        }
    }

    @Test
    void aReloadWithAMistakeKeepsWhatIsInForce() throws Exception {
        try (Proxy proxy = site.start()) {
            X509Certificate inForce = site.pki().server();
            Files.writeString(site.directory().chain(), "no certificate");
            proxy.reload();
            awaitMetric(proxy, "staplegate_config_reloads_total{outcome=\"refused\"} 1");
            try (Device device = site.connect(proxy.ports())) {
                assertThat(device.server()).isEqualTo(inForce);
            }
        }
    }

    @Test
    void anotherBackendNeedsARestart() throws Exception {
        try (Proxy proxy = site.start()) {
            site.replace("name: echo", "name: echo\n    connectTimeout: 1s");
            proxy.reload();
            awaitMetric(proxy, "staplegate_config_reloads_total{outcome=\"refused\"} 1");
        }
    }

    @Test
    void withoutAListenerItIsAStaplerForOthers() throws Exception {
        Path export = folder.resolve("leaf.ocsp");
        Files.writeString(site.configuration(), """
                identities:
                  - { name: demo, certificate: chain.pem, key: server.key, issuers: ca.pem, export: [leaf.ocsp] }
                state: { directory: state }
                admin: { bind: "127.0.0.1:0" }
                """);
        try (Proxy proxy = site.start()) {
            assertThat(proxy.ports()).containsOnlyKeys("admin");
            await().until(() -> Files.exists(export));
            assertThat(Site.get(proxy.ports(), "/readyz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aPortInUseIsToldWithItsKey() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            site.configure(other.getLocalPort(), 0);
            Outcome outcome = Outcome.of("run", "--config", site.configuration());
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err())
                    .startsWith("error: listeners[0].bind: ")
                    .contains("127.0.0.1:" + other.getLocalPort(), "Address already in use")
                    .doesNotContain("failed with error")
                    .doesNotContain("Exception");
        }
    }

    private DemoPki renew() throws IOException {
        Files.delete(site.directory().chain());
        DemoPki renewed = site.pki();
        site.book().open(renewed.intermediate());
        return renewed;
    }

    private static void awaitMetric(Proxy proxy, String line) {
        await().until(() -> Site.get(proxy.ports(), "/metrics").body().contains(line));
    }
}
