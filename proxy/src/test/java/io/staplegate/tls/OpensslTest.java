package io.staplegate.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.handshake.KeyLog;
import io.staplegate.handshake.Site;
import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.RunningProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenSSL's client as a device. */
final class OpensslTest {
    private static final Site EC = new Site("EC");
    private static final Site RSA = new Site("RSA");

    private final ExternalProgram openssl = ExternalProgram.named("openssl");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void verifiesChainAndStaple(String version) throws Exception {
        try (Server server = new Server(EC).open()) {
            String output = talk(server, EC, version, "-status");
            assertThat(output).contains("OCSP Response Status: successful", "Cert Status: good", "Verification: OK");
            assertThat(server.facts).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void getsNoStapleWhereThereIsNone(String version) throws Exception {
        try (Server server = new Server(EC)) {
            server.staples.put(EC.identity(), Site.noStaples());
            assertThat(talk(server.open(), EC, version, "-status")).contains("OCSP response: no response sent");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "EC, ECDHE-ECDSA-AES128-GCM-SHA256",
        "EC, ECDHE-ECDSA-AES256-GCM-SHA384",
        "EC, ECDHE-ECDSA-CHACHA20-POLY1305",
        "EC, ECDHE-ECDSA-AES128-CCM",
        "Ed25519, ECDHE-ECDSA-AES128-GCM-SHA256",
        "RSA, ECDHE-RSA-AES128-GCM-SHA256",
        "RSA, ECDHE-RSA-AES256-GCM-SHA384",
        "RSA, ECDHE-RSA-CHACHA20-POLY1305"
    })
    void speaksEveryTls12Suite(String key, String suite) throws Exception {
        Site site = new Site(key);
        try (Server server = new Server(site).open()) {
            assertThat(talk(server, site, "-tls1_2", "-cipher", suite)).contains("Cipher is " + suite);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "EC, TLS_AES_128_GCM_SHA256, P-256",
        "EC, TLS_AES_256_GCM_SHA384, X25519",
        "EC, TLS_CHACHA20_POLY1305_SHA256, P-384",
        "EC, TLS_AES_128_CCM_SHA256, P-521:P-256",
        "P-384, TLS_AES_128_GCM_SHA256, X25519",
        "RSA, TLS_AES_128_GCM_SHA256, X25519",
        "Ed25519, TLS_AES_128_GCM_SHA256, X25519"
    })
    void speaksEveryTls13SuiteAndGroup(String key, String suite, String groups) throws Exception {
        Site site = new Site(key);
        try (Server server = new Server(site).open()) {
            assertThat(talk(server, site, "-tls1_3", "-ciphersuites", suite, "-groups", groups, "-status"))
                    .contains("Cipher is " + suite, "Cert Status: good", "Verification: OK");
        }
    }

    @Test
    void resumesTls12Sessions() throws Exception {
        try (Server server = new Server(EC).open();
                RunningProgram client = client(server, EC, "-tls1_2", "-reconnect")) {
            assertThat(client.finish().output().split("Reused, TLSv1.2", -1)).hasSize(6);
            await().until(() -> server.ended("resumed", "TLSv1.2") == 5);
            assertThat(server.ended("ok", "TLSv1.2")).isEqualTo(1);
        }
    }

    @Test
    void hearsThatNobodyHasTheName() throws Exception {
        try (Server server = new Server(EC).strict().open();
                RunningProgram client = client(server, EC, "-servername", "elsewhere.example")) {
            assertThat(client.finish().output()).contains("alert number 112");
            await().until(() -> server.ended("alert_sent", "TLSv1.3") == 1);
        }
    }

    @Test
    void isRefusedWithOldVersions() throws Exception {
        try (Server server = new Server(EC).open();
                RunningProgram client = client(server, EC, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")) {
            assertThat(client.finish().output()).contains("alert number 70");
            await().until(() -> server.ended("alert_sent", "unknown") == 1);
        }
    }

    /** OpenSSL gives up when its renegotiation is refused; what matters is that nothing was renegotiated. */
    @Test
    void mayNotRenegotiate() throws Exception {
        try (Server server = new Server(EC).open();
                RunningProgram client = client(server, EC, "-tls1_2")) {
            client.awaitOutput("Verify return code").send("R\n").awaitOutput("no renegotiation");
            assertThat(server.facts).hasSize(1);
        }
    }

    @Test
    void rejectsAChainThatItDoesNotTrustAndThatIsCounted() throws Exception {
        try (Server server = new Server(EC).open();
                RunningProgram client = client(server, RSA, "-verify_return_error")) {
            assertThat(client.finish().output()).contains("verify error");
            await().until(() -> server.ended("alert_received", "TLSv1.3") == 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void logsTheSameKeys(String version) throws Exception {
        Path theirs = folder.resolve("theirs");
        Path ours = folder.resolve("ours");
        try (Server server = new Server(EC).keyLog(KeyLog.open(ours.toString())).open()) {
            talk(server, EC, version, "-keylogfile", theirs);
        }
        List<String> expected = Files.readAllLines(theirs).stream()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .toList();
        assertThat(Files.readAllLines(ours)).hasSizeGreaterThan(0).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** R53: the handshake takes no more than 1.03 times the bytes that it takes with OpenSSL's server. */
    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void needsNoMoreBytesThanWithItsOwnServer(String version) throws Exception {
        Path staple = Files.write(folder.resolve("staple.der"), EC.staple(0).dressed());
        try (Server server = new Server(EC);
                RunningProgram theirs = openssl.start(
                        "s_server",
                        "-accept",
                        "127.0.0.1:0",
                        "-cert",
                        Pem.write(folder.resolve("leaf.pem"), EC.identity().leaf()),
                        "-cert_chain",
                        Pem.write(
                                folder.resolve("chain.pem"),
                                EC.identity().chain().get(1)),
                        "-key",
                        Pem.write(folder.resolve("key.pem"), EC.identity().key()),
                        "-status_file",
                        staple,
                        "-num_tickets",
                        "0",
                        "-no_ticket")) {
            int theirPort = Integer.parseInt(
                    theirs.awaitOutput(Pattern.compile("ACCEPT .*:(\\d+)\n")).group(1));
            server.staples.put(EC.identity(), EC.leafStaple());
            int ourPort = server.open().port();
            int their = handshakeBytes(theirPort, version);
            int our = handshakeBytes(ourPort, version);
            System.out.printf("R53 %s: %d bytes, %.3f of OpenSSL's %d%n", version, our, 1.0 * our / their, their);
            assertThat(our).isLessThanOrEqualTo((int) (their * 1.03));
        }
    }

    private int handshakeBytes(int port, String version) throws Exception {
        try (RunningProgram client =
                openssl.start("s_client", "-connect", "127.0.0.1:" + port, version, "-status", "-groups", "P-256")) {
            Matcher bytes = Pattern.compile("has read (\\d+) bytes and written (\\d+) bytes")
                    .matcher(client.finish().output());
            assertThat(bytes.find()).isTrue();
            return Integer.parseInt(bytes.group(1)) + Integer.parseInt(bytes.group(2));
        }
    }

    /** Connects, says something, hears it again, and leaves. */
    private String talk(Server server, Site site, Object... options) throws Exception {
        try (RunningProgram client = client(server, site, options)) {
            return client.send("ping\n")
                    .awaitOutput("\nping\n")
                    .send("Q\n")
                    .finish()
                    .output();
        }
    }

    private RunningProgram client(Server server, Site site, Object... options) throws IOException {
        List<Object> command = new ArrayList<>(List.of(
                "s_client",
                "-connect",
                "127.0.0.1:" + server.port(),
                "-CAfile",
                Pem.write(folder.resolve("ca.pem"), site.root())));
        command.addAll(Arrays.asList(options));
        return openssl.start(command.toArray());
    }
}
