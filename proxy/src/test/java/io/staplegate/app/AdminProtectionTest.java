package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.staplegate.testing.ExternalProgram;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line at an admin endpoint that is protected: by a token, by TLS, by mutual TLS, by a file's mode. */
@Timeout(60)
final class AdminProtectionTest {
    private static final String TOKEN = "0123456789abcdef";

    private Path folder;
    private Site site;

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        this.folder = folder;
        site = Site.in(folder);
    }

    @AfterEach
    void close() throws IOException {
        site.close();
    }

    @Test
    void aTokenIsShownFromAFileAndReadAgainAtAReload() throws Exception {
        Path file = secret("admin.token", TOKEN);
        admin("bind: 127.0.0.1:0, tokenFile: admin.token");
        try (Proxy proxy = site.start()) {
            String url = "http://127.0.0.1:" + Site.port(proxy.ports(), "admin");
            assertThat(Outcome.of("staples", "--admin", url).exit()).isZero();
            Outcome refused = Outcome.of("refresh", "--admin", url);
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err())
                    .isEqualTo("error: " + url + " answered 401 a token is needed\n"
                            + "hint: name the file of the token with --token-file FILE, or in"
                            + " STAPLEGATE_ADMIN_TOKEN_FILE\n");
            assertThat(Outcome.of("refresh", "--admin", url, "--token-file", file)
                            .exit())
                    .isZero();

            Path old = secret("old.token", TOKEN);
            secret("admin.token", "fedcba9876543210");
            assertThat(Outcome.of("reload", "--admin", url, "--token-file", old).out())
                    .isEqualTo("reloaded\n");
            assertThat(Outcome.of("reload", "--admin", url, "--token-file", old).err())
                    .contains("401 the token is not the right one");
            assertThat(Outcome.of("reload", "--admin", url, "--token-file", file)
                            .exit())
                    .isZero();
        }
    }

    @Test
    void aTokenThatIsTooShortForTheCommandLineIsAUsageError() throws Exception {
        Path file = secret("short", "0123456789abcde");
        Outcome outcome = Outcome.of("staples", "--token-file", file);
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).contains("16 to 512").doesNotContain("0123456789abcde");
    }

    @Test
    void overHttpsTheEndpointShowsWhoItIsAndTheTokenIsEnough() throws Exception {
        Path file = secret("admin.token", TOKEN);
        admin("bind: 127.0.0.1:0, tokenFile: admin.token, tls: { certificate: chain.pem, key: server.key }");
        try (Proxy proxy = site.start()) {
            String url = "https://localhost:" + Site.port(proxy.ports(), "admin");
            Outcome untrusted = Outcome.of("staples", "--admin", url);
            assertThat(untrusted.exit()).isEqualTo(1);
            assertThat(untrusted.err()).startsWith("error: no TLS with " + url).contains("--admin-ca FILE");
            assertThat(command(url, "reload", "--token-file", file).out()).isEqualTo("reloaded\n");
            assertThat(Outcome.of("staples", "--admin", url.replace("https", "http"))
                            .exit())
                    .isEqualTo(1);
        }
    }

    @Test
    void withMutualTlsTheCertificateOfAClientIsNeededAndEnough() throws Exception {
        admin("bind: 127.0.0.1:0, tls: { certificate: chain.pem, key: server.key, trustAnchors: ca.pem }");
        try (Proxy proxy = site.start()) {
            String url = "https://localhost:" + Site.port(proxy.ports(), "admin");
            Object[] own = {
                "--admin-cert",
                site.directory().device(),
                "--admin-key",
                site.directory().deviceKey()
            };
            assertThat(command(url, "reload", own).out()).isEqualTo("reloaded\n");
            assertThat(command(url, "staples", own).exit()).isZero();
            Outcome stranger = command(url, "staples");
            assertThat(stranger.exit()).isEqualTo(1);
            assertThat(stranger.err()).contains(url);
            assertThat(command(url, "staples", "--admin-cert", site.directory().device())
                            .err())
                    .isEqualTo("error: --admin-cert and --admin-key go together\n");
        }
    }

    @Test
    void aUnixSocketServesEveryCommandAndGoesWithTheProxy() throws Exception {
        Path socket = folder.resolve("admin.sock");
        admin("bind: \"unix:admin.sock\"");
        String address = "unix:" + socket;
        try (Proxy proxy = site.start()) {
            assertThat(proxy.ports()).doesNotContainKey("admin");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-rw----");
            assertThat(Outcome.of("staples", "--admin", address).out()).contains("good");
            assertThat(Outcome.of("refresh", "--admin", address).exit()).isZero();
            assertThat(Outcome.of("reload", "--admin", address).out()).isEqualTo("reloaded\n");
            assertThat(Outcome.of("sessions", "kill", "--admin", address, "1").err())
                    .contains(address + "/sessions/kill?id=1 answered 404");
            Proxy second = proxyWithSameSocket();
            assertThatThrownBy(second::bind)
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("another process listens there");
            second.close();
            assertThat(socket).exists();
        }
        assertThat(socket).doesNotExist();
        assertThat(Outcome.of("staples", "--admin", address).err()).startsWith("error: no answer from " + address);
    }

    @Test
    void curlReachesAUnixSocketAsWell() throws Exception {
        ExternalProgram curl = ExternalProgram.named("curl");
        admin("bind: \"unix:admin.sock\"");
        try (Proxy proxy = site.start()) {
            assertThat(proxy.ports()).containsKey("tls");
            Path socket = folder.resolve("admin.sock");
            assertThat(curl.run("-sS", "--unix-socket", socket, "http://any.name/livez")
                            .output())
                    .isEqualTo("live\n");
            assertThat(curl.run("-sS", "-X", "POST", "--unix-socket", socket, "http://localhost/reload")
                            .output())
                    .contains("\"reloaded\":true");
        }
    }

    @Test
    void aSocketThatACrashLeftIsReplacedAndAnyOtherFileIsNot() throws Exception {
        Path socket = folder.resolve("admin.sock");
        admin("bind: \"unix:admin.sock\"");
        try (ServerSocketChannel crashed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            crashed.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        try (Proxy proxy = site.start()) {
            assertThat(Outcome.of("staples", "--admin", "unix:" + socket).exit())
                    .isZero();
            assertThat(proxy.ports()).containsKey("tls");
        }
        Files.writeString(socket, "precious");
        try (Proxy refused = proxyWithSameSocket()) {
            assertThatThrownBy(refused::bind).hasMessageContaining("there is a file that is no socket");
        }
        assertThat(socket).hasContent("precious");
    }

    private Proxy proxyWithSameSocket() throws IOException {
        site.replace(folder.resolve("state").toString(), folder.resolve("other").toString());
        return site.make();
    }

    private Outcome command(String url, String name, Object... options) {
        return Outcome.of(Stream.concat(
                        Stream.of(
                                name,
                                "--admin",
                                url,
                                "--admin-ca",
                                site.directory().ca()),
                        Stream.of(options))
                .toArray());
    }

    private void admin(String keys) throws IOException {
        site.replace("admin:\n  bind: 127.0.0.1:0", "admin: { " + keys + " }");
    }

    private Path secret(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }
}
