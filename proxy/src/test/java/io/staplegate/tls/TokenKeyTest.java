package io.staplegate.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.Configuration;
import io.staplegate.config.ConfigurationFile;
import io.staplegate.handshake.Site;
import io.staplegate.identity.IdentityTable;
import io.staplegate.identity.SoftHsm;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A token that takes its time holds up nobody but those who wait for its signature. */
final class TokenKeyTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"EC, a1", "P-384, a2", "RSA, a3"})
    void everyKindOfKeyInARealTokenServesBothVersions(String kind, String id) throws Exception {
        SoftHsm token = SoftHsm.token();
        Site software = new Site(kind);
        token.importKey(software.keys(), "tls-" + id, id);
        token.importCertificate(software.identity().leaf(), "tls-" + id, id);
        PrivateKey handle = handle(software, token.uri("tls-" + id));
        Site site = software.inToken(keys -> handle);
        try (Server server = new Server(site).open()) {
            for (String version : List.of("TLSv1.3", "TLSv1.2")) {
                try (SSLSocket socket = new JdkDevice(site).connect(server.port(), version)) {
                    assertThat(socket.getSession().getProtocol()).isEqualTo(version);
                }
            }
        }
    }

    /** The key as the proxy would find it. */
    private PrivateKey handle(Site site, String uri) throws IOException {
        Pem.write(folder.resolve("leaf.pem"), site.identity().leaf());
        Pem.write(folder.resolve("intermediate.pem"), site.identity().chain().get(1));
        Path file = Files.writeString(
                folder.resolve("staplegate.yaml"),
                "identities:\n- {name: site, certificate: leaf.pem, issuers: intermediate.pem, key: \"" + uri
                        + "\"}\n");
        Configuration configuration =
                requireNonNull(ConfigurationFile.read(file, Map.of()).configuration());
        IdentityTable.Loading loading = IdentityTable.load(configuration, Instant.now());
        return requireNonNull(loading.table(), () -> loading.problems().toString())
                .identities()
                .getFirst()
                .key();
    }

    @Test
    void theEventLoopGoesOnWhileATokenSigns() throws Exception {
        try (BlockingKeys token = new BlockingKeys();
                ExecutorService devices = Executors.newVirtualThreadPerTaskExecutor()) {
            Site site = new Site("EC").inToken(BlockingKeys::handle);
            try (Server server =
                    new Server(site).timeout(Duration.ofSeconds(15)).open()) {
                List<Future<SSLSocket>> waiting = new ArrayList<>();
                for (String version : List.of("TLSv1.3", "TLSv1.2")) {
                    waiting.add(devices.submit(() -> new JdkDevice(site).connect(server.port(), version)));
                }
                assertThat(BlockingKeys.ASKED.await(15, TimeUnit.SECONDS)).isTrue();

                try (Socket other = server.connect()) {
                    other.getOutputStream().write("not TLS".getBytes(UTF_8));
                    assertThat(other.getInputStream().read()).isEqualTo(-1);
                }
                assertThat(waiting).noneMatch(Future::isDone);

                BlockingKeys.LET.countDown();
                for (Future<SSLSocket> device : waiting) {
                    try (SSLSocket socket = device.get(15, TimeUnit.SECONDS)) {
                        socket.getOutputStream().write("ping".getBytes(UTF_8));
                        assertThat(socket.getInputStream().readNBytes(4)).isEqualTo("ping".getBytes(UTF_8));
                    }
                }
                await().until(() -> server.listener().connections() == 0);
            }
            assertThat(token.getName()).isEqualTo("BlockingKeys");
        }
    }
}
