package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.ConfigurationFile;
import io.staplegate.config.ListenerConfig;
import io.staplegate.handshake.CryptoProvider;
import io.staplegate.handshake.Handshakes;
import io.staplegate.handshake.KeyLog;
import io.staplegate.identity.PresharedKeys;
import io.staplegate.identity.ServerNames;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.testing.ExternalProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When and where sessions are kept; what is kept of them is the handshake's. */
final class SessionKeeperTest {
    private static final Duration OFTEN = Duration.ofMillis(10);
    private static final Duration NEVER = Duration.ofDays(1);

    @TempDir
    private Path folder;

    private final Telemetry telemetry = new Telemetry(InstantSource.system());
    private Path state;

    @BeforeEach
    void writeKey() throws IOException {
        Files.write(folder.resolve("session.key"), new byte[32]);
        state = folder.resolve("state/of it");
    }

    @Test
    void theyAreWrittenNowAndThen() throws Exception {
        try (SessionKeeper keeper = new SessionKeeper(state, OFTEN, telemetry)) {
            assertThat(keeper.takeUp(listener("coaps"), handshakes())).isTrue();
            keeper.start();
            await().until(() -> Files.exists(state.resolve("sessions-coaps")));
        }
    }

    @Test
    @Timeout(20)
    void aKeyThatIsAPipeIsNotOpened() throws Exception {
        Files.delete(folder.resolve("session.key"));
        ExternalProgram.named("mkfifo").run(folder.resolve("session.key"));
        try (SessionKeeper keeper = new SessionKeeper(state, NEVER, telemetry)) {
            assertThatIOException()
                    .isThrownBy(() -> keeper.takeUp(listener("coaps"), handshakes()))
                    .withMessageEndingWith("cannot be read (it is not a file)");
        }
    }

    @Test
    void theyAreWrittenAtTheEnd() throws Exception {
        try (SessionKeeper keeper = new SessionKeeper(state, NEVER, telemetry)) {
            keeper.takeUp(listener("coaps"), handshakes());
            keeper.start();
        }
        assertThat(state).isDirectoryContaining("glob:**/sessions-coaps");
    }

    @Test
    void whoNeverServedLeavesTheFilesAlone() throws Exception {
        try (SessionKeeper keeper = new SessionKeeper(state, OFTEN, telemetry)) {
            keeper.takeUp(listener("coaps"), handshakes());
        }
        assertThat(state).doesNotExist();
    }

    @Test
    void aListenerThatKeepsNoneHasNoFile() throws Exception {
        try (SessionKeeper keeper = new SessionKeeper(state, NEVER, telemetry)) {
            ListenerConfig forgetful = read("coaps", "mtu: 1232");
            assertThat(keeper.takeUp(forgetful, handshakes())).isFalse();
            keeper.start();
        }
        assertThat(state.resolve("sessions-coaps")).doesNotExist();
    }

    @Test
    void anyNameOfAListenerMakesASafeFileName() throws Exception {
        try (SessionKeeper keeper = new SessionKeeper(state, NEVER, telemetry)) {
            keeper.takeUp(listener("../../etc/passwd"), handshakes());
            keeper.takeUp(listener("水".repeat(80)), handshakes());
            keeper.start();
        }
        try (var files = Files.list(state)) {
            assertThat(files)
                    .hasSize(2)
                    .allMatch(file -> file.getFileName().toString().matches("sessions-[0-9a-f-]{36}"));
        }
    }

    @Test
    void aDiskThatFailsIsCountedAndRecoveredFrom() throws Exception {
        Files.createDirectories(state.getParent());
        Files.writeString(state, "in the way");
        try (SessionKeeper keeper = new SessionKeeper(state, OFTEN, telemetry)) {
            keeper.takeUp(listener("coaps"), handshakes());
            keeper.start();
            await().untilAsserted(() -> assertThat(telemetry.scrape(telemetry.contentType(null)))
                    .containsPattern("staplegate_store_failures_total [1-9]"));
            Files.delete(state);
            await().until(() -> Files.exists(state.resolve("sessions-coaps")));
        }
    }

    @Test
    void aKeyThatHasGoneIsAFailure() throws Exception {
        ListenerConfig listener = listener("coaps");
        Files.delete(folder.resolve("session.key"));
        try (SessionKeeper keeper = new SessionKeeper(state, NEVER, telemetry)) {
            assertThatIOException().isThrownBy(() -> keeper.takeUp(listener, handshakes()));
        }
    }

    private ListenerConfig listener(String name) throws IOException {
        return read(name, "keepSessions: true, sessionKey: session.key");
    }

    private ListenerConfig read(String name, String dtls) throws IOException {
        Path file = Files.writeString(folder.resolve("staplegate.yaml"), """
                identities: [{ name: demo, certificate: chain.pem, key: server.key }]
                backends: [{ name: echo, address: "127.0.0.1:5683", transport: udp }]
                listeners:
                  - { name: "%s", bind: "127.0.0.1:5684", protocol: dtls, identities: [demo], backend: echo,
                      dtls: { %s } }
                """.formatted(name, dtls));
        return Objects.requireNonNull(ConfigurationFile.read(file, Map.of()).configuration())
                .listeners()
                .getFirst();
    }

    private static Handshakes handshakes() throws IOException {
        ServerNames nobody = ServerNames.of(List.of(), true);
        return Handshakes.overDtls(
                CryptoProvider.crypto(),
                List.of(),
                () -> nobody,
                _ -> null,
                KeyLog.open(null),
                InstantSource.system(),
                new Handshakes.DtlsTerms(Duration.ofSeconds(1), false, () -> PresharedKeys.NONE, 10));
    }
}
