package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.demo.DemoPki;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.FaultyResponder;
import java.io.IOException;
import java.net.DatagramSocket;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void devicesThatSpeakDtlsReachTheirBackendAndAReloadIsForTheNextOfThem() throws Exception {
        try (Proxy proxy = site.start();
                DatagramDevice before = datagramDevice(proxy)) {
            assertThat(before.session().presented().staples().getFirst()).isNotNull();
            assertThat(before.echo("hello")).isEqualTo("hello");
            DemoPki renewed = renew();
            proxy.reload();
            awaitMetric(proxy, "staplegate_config_reloads_total{outcome=\"accepted\"} 1");
            assertThat(before.echo("hello")).isEqualTo("hello");
            try (DatagramDevice after = datagramDevice(proxy)) {
                assertThat(after.server()).isEqualTo(renewed.server()).isNotEqualTo(before.server());
                assertThat(after.session().presented().staples().getFirst()).isNotNull();
            }
        }
    }

    @Test
    void aReloadLetsInADeviceWithANewKey() throws Exception {
        Path keys = Files.writeString(folder.resolve("devices.psk"), "meter-1:00112233445566778899aabbccddeeff\n");
        site.replace("protocol: dtls", "protocol: dtls\n    dtls: { psk: devices.psk }");
        try (Proxy proxy = site.start()) {
            int port = Site.port(proxy.ports(), "dtls");
            assertThat(withKey(port, "meter-2")).contains("unknown psk identity");
            Files.writeString(keys, "meter-2:00112233445566778899aabbccddeeff\n");
            proxy.reload();
            awaitMetric(proxy, "staplegate_config_reloads_total{outcome=\"accepted\"} 1");
            assertThat(withKey(port, "meter-2")).doesNotContain("unknown psk").contains("Cipher is PSK-AES128-CCM8");
            assertThat(withKey(port, "meter-1")).contains("unknown psk identity");
        }
    }

    private static String withKey(int port, String device) throws Exception {
        return ExternalProgram.named("openssl")
                .run(
                        "s_client",
                        "-dtls1_2",
                        "-mtu",
                        1400,
                        "-connect",
                        "127.0.0.1:" + port,
                        "-psk_identity",
                        device,
                        "-psk",
                        "00112233445566778899aabbccddeeff",
                        "-cipher",
                        "PSK-AES128-CCM8:@SECLEVEL=0")
                .output();
    }

    @Test
    void aStopWaitsForNoDtlsSession() throws Exception {
        site.append("shutdown: { drainTimeout: 1h }");
        Proxy proxy = site.start();
        try (DatagramDevice device = datagramDevice(proxy)) {
            device.echo("hello");
            proxy.close();
            device.awaitGoodbye();
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

    /** As after a power cut. Three failures open its circuit, which must not outlast ocsp.startTimeout. */
    @Test
    void aResponderThatIsUpALittleLaterThanTheProxyDoesNotFailItsStart() throws Exception {
        try (FaultyResponder late = FaultyResponder.start(site.book())) {
            late.behave(exchange -> {
                boolean early = late.seen().size() <= 3;
                (early ? Behaviour.status(503) : Behaviour.honest()).answer(exchange);
            });
            site.replace(
                    "issuers: ca.pem",
                    "issuers: ca.pem\n    stapling: must\n    statusScope: leaf\n    responders: [\"" + late.url()
                            + "\"]");
            try (Proxy proxy = site.start()) {
                assertThat(Site.get(proxy.ports(), "/readyz").statusCode()).isEqualTo(200);
                assertThat(late.seen()).hasSize(4);
            }
        }
    }

    @Test
    void aReloadThatIsRefusedTakesNothingFromMemoryWhateverTheDisk() throws Exception {
        Path noFolder = Files.writeString(folder.resolve("file"), "where the state directory should be");
        site.replace(
                folder.resolve("state").toString(), noFolder.resolve("state").toString());
        site.replace("issuers: ca.pem", "issuers: ca.pem\n    stapling: must");
        site.append("ocsp: { startTimeout: 1s, timeout: 1s }");
        try (Proxy proxy = site.start()) {
            String before = Site.get(proxy.ports(), "/staples").body();
            assertThat(before).contains("\"status\":\"good\"", "\"rung\":\"responder\"");
            renew();
            site.responder().close();
            proxy.reload();
            awaitMetric(proxy, "staplegate_config_reloads_total{outcome=\"refused\"} 1");
            assertThat(Site.get(proxy.ports(), "/staples").body()).isEqualTo(before);
            assertThat(Site.get(proxy.ports(), "/readyz").statusCode()).isEqualTo(200);
            try (Device after = site.connect(proxy.ports())) {
                assertThat(after.echo("hello")).isEqualTo("hello");
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

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aPortInUseIsToldWithItsKeyBeforeStaplesAreAwaited(int listener) throws Exception {
        site.responder().close();
        try (ServerSocket stream = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DatagramSocket datagrams = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            int taken = listener == 0 ? stream.getLocalPort() : datagrams.getLocalPort();
            site.configure(listener == 0 ? taken : 0, listener == 0 ? 0 : taken);
            site.replace("issuers: ca.pem", "issuers: ca.pem\n    stapling: must");
            site.append("ocsp: { startTimeout: 1h }");
            Outcome outcome = Outcome.of("run", "--config", site.configuration());
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err())
                    .startsWith("error: listeners[" + listener + "].bind: ")
                    .contains("127.0.0.1:" + taken, "Address already in use")
                    .doesNotContain("failed with error")
                    .doesNotContain("Exception");
        }
    }

    private static DatagramDevice datagramDevice(Proxy proxy) throws IOException {
        return DatagramDevice.connect(Site.port(proxy.ports(), "dtls"));
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
