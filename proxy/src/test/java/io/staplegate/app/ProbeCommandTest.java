package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code probe}, against a running proxy. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProbeCommandTest {
    private final Path folder;
    private final Site site;
    private final Proxy proxy;
    private final String server;
    private final String datagrams;
    private final Path ca;

    ProbeCommandTest(@TempDir Path folder) throws Exception {
        this.folder = folder;
        site = Site.in(folder.resolve("stapled"));
        proxy = site.start();
        server = "localhost:" + Site.port(proxy.ports(), "tls");
        datagrams = "localhost:" + Site.port(proxy.ports(), "dtls");
        ca = site.directory().ca();
    }

    @AfterAll
    void close() throws IOException {
        proxy.close();
        site.close();
    }

    @ParameterizedTest
    @CsvSource({"v1, TLSv1.3", "v2, TLSv1.2"})
    void aStapledChainVerifies(String status, String version) {
        Outcome outcome = Outcome.of("probe", server, "--ca", ca, "--status", status);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("protocol: " + version + ", TLS_"),
                        line -> assertThat(line).startsWith("certificate 0: CN=localhost, serial "),
                        line -> assertThat(line).matches("staple 0: good, age .*, until \\S+Z, \\d+ bytes"),
                        line -> assertThat(line).startsWith("certificate 1: CN=Staplegate demo intermediate, serial "),
                        line -> assertThat(line).startsWith("staple 1: good, "),
                        line -> assertThat(line).matches("bytes: \\d+ sent, \\d+ received"),
                        line -> assertThat(line).matches("time: \\d+ ms to connect, \\d+ ms for the handshake"));
    }

    @ParameterizedTest
    @CsvSource({"v1, none", "v2, 'good, '"})
    void aStapledChainVerifiesOverDtls(String status, String intermediates) {
        Outcome outcome = Outcome.of("probe", datagrams, "--dtls", "--ca", ca, "--status", status);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("protocol: DTLSv1.2, TLS_ECDHE_ECDSA_"),
                        line -> assertThat(line).startsWith("certificate 0: CN=localhost, serial "),
                        line -> assertThat(line).matches("staple 0: good, age .*, until \\S+Z, \\d+ bytes"),
                        line -> assertThat(line).startsWith("certificate 1: CN=Staplegate demo intermediate, serial "),
                        line -> assertThat(line).startsWith("staple 1: " + intermediates),
                        line -> assertThat(line).matches("connection id: \\p{XDigit}{12}"),
                        line -> assertThat(line).matches("bytes: \\d+ sent, \\d+ received"),
                        line -> assertThat(line).matches("datagrams: \\d sent, \\d received"),
                        line -> assertThat(line).matches("time: \\d+ ms to connect, \\d+ ms for the handshake"));
    }

    @Test
    void whoDoesNotAskOverDtlsNeedsNoStaple() {
        Outcome outcome = Outcome.of("probe", datagrams, "--dtls", "--ca", ca, "--status", "none");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).contains("staple 0: none");
    }

    @Test
    void whoDoesNotAskNeedsNoStaple() {
        Outcome outcome = Outcome.of("probe", server, "--ca", ca, "--status", "none");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).contains("staple 0: none");
    }

    @Test
    void jsonHasTheSameFacts() {
        Outcome outcome = Outcome.of("probe", server, "--ca", ca, "--json");
        JsonNode report = JsonMapper.shared().readTree(outcome.out());
        assertThat(report.at("/protocol").asString()).isEqualTo("TLSv1.3");
        assertThat(report.at("/chain/0/staple/verdict").asString()).isEqualTo("good");
        assertThat(Instant.parse(report.at("/chain/1/staple/nextUpdate").asString()))
                .isAfter(Instant.now());
        assertThat(report.get("ok").asBoolean()).isTrue();
        assertThat(report.get("faults").isEmpty()).isTrue();
    }

    @Test
    void jsonCountsDatagrams() {
        JsonNode report = JsonMapper.shared()
                .readTree(Outcome.of("probe", datagrams, "--dtls", "--ca", ca, "--json")
                        .out());
        assertThat(report.get("datagramsSent").asInt()).isBetween(2, 5);
        assertThat(report.get("datagramsReceived").asInt()).isBetween(3, 4);
        assertThat(report.get("connectionId").asString()).hasSize(12);
    }

    @Test
    void jsonOfAFailureSaysWhatWasExchanged() {
        Outcome outcome = Outcome.of("probe", responderAddress(), "--json");
        JsonNode report = JsonMapper.shared().readTree(outcome.out());
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(report.get("bytesSent").asInt()).isGreaterThan(100);
        assertThat(report.get("faults").size()).isEqualTo(1);
    }

    private String responderAddress() {
        URI responder = site.responder().url();
        return responder.getHost() + ":" + responder.getPort();
    }

    @Test
    void aServerOfAnotherCaFails() throws Exception {
        try (Site other = Site.in(folder.resolve("other"))) {
            Outcome outcome =
                    Outcome.of("probe", server, "--ca", other.directory().ca());
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.err()).startsWith("error: chain: ");
        }
    }

    @Test
    void aServerWithoutAStapleFailsWhoAsks() throws Exception {
        try (Site silent = Site.in(folder.resolve("silent"))) {
            silent.replace("issuers: ca.pem", "issuers: ca.pem\n    stapling: off");
            try (Proxy unstapled = silent.start()) {
                String address = "127.0.0.1:" + Site.port(unstapled.ports(), "tls");
                Outcome outcome =
                        Outcome.of("probe", address, "--ca", silent.directory().ca());
                assertThat(outcome.exit()).isEqualTo(1);
                assertThat(outcome.err()).startsWith("error: staple 0: none came");
            }
        }
    }

    @Test
    void anotherNameThanTheCertificatesFails() {
        Outcome outcome = Outcome.of("probe", server, "--ca", ca, "--sni", "meters.example");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err().strip()).isEqualTo("error: certificate: it is not for \"meters.example\"");
    }

    @Test
    void aCaFileThatCannotBeReadIsAUsageError() {
        Outcome outcome = Outcome.of("probe", server, "--ca", folder.resolve("missing"));
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("error: cannot read \"");
    }

    @Test
    void aCaFileThatHoldsNoneIsAUsageError() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing\n");
        Outcome outcome = Outcome.of("probe", server, "--ca", empty);
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("error: ").contains("empty.pem");
    }

    @Test
    void nobodyThereFails() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        Outcome outcome = Outcome.of("probe", "127.0.0.1:" + free);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("error: no connection: ");
    }

    @Test
    void nobodyThereFailsOverDtlsToo() throws IOException {
        int free;
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        Outcome outcome = Outcome.of("probe", "127.0.0.1:" + free, "--dtls");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err().strip()).isEqualTo("error: no connection: nobody listens on that UDP port");
    }

    @Test
    void aServerThatSpeaksNoTlsFails() {
        Outcome outcome = Outcome.of("probe", responderAddress());
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("error: ").doesNotContain("Exception");
    }
}
