package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.RunningProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a restart costs the devices: with sessions that are kept, a short handshake. */
class RestartTest {
    private static final String NEW = "New, ";
    private static final String REUSED = "Reused, ";

    @TempDir
    Path folder;

    private DtlsServer server;

    @BeforeEach
    void start() throws Exception {
        newSessionKey();
        server = DtlsServer.in(folder, "keepSessions: true", "sessionKey: session.key")
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void everyDeviceIsToldWhenTheProxyStops() throws Exception {
        try (RunningProgram device = ExternalProgram.named("openssl")
                .start(DtlsClient.openssl(server, server.port()).toArray())) {
            device.awaitOutput("Verify return code: 0 (ok)").send("ping\n").awaitOutput("\nping");
            server.proxy().signal("TERM");
            device.awaitOutput("closed");
            assertThat(server.proxy().exit()).isZero();
        }
    }

    @Test
    void aDeviceComesBackInTheShortHandshake() throws Exception {
        assertThat(handshake("-sess_out")).contains(NEW);
        restart();
        assertThat(handshake("-sess_in")).contains(REUSED);
        assertThat(server.handshakes("resumed")).isEqualTo(1);
        assertThat(server.fullHandshakes()).isZero();
    }

    @Test
    void sessionsOfAnotherKeyAreForgotten() throws Exception {
        assertThat(handshake("-sess_out")).contains(NEW);
        newSessionKey();
        restart();
        assertThat(handshake("-sess_in")).contains(NEW);
        assertThat(server.fullHandshakes()).isEqualTo(1);
    }

    private void restart() throws Exception {
        server.proxy().signal("TERM");
        assertThat(server.proxy().exit()).isZero();
        server.start();
    }

    /** Shakes hands, and writes or uses the file with the device's session. */
    private String handshake(String sessionOption) throws Exception {
        Object[] arguments = Stream.concat(
                        DtlsClient.openssl(server, server.port()),
                        Stream.of(sessionOption, folder.resolve("device.session")))
                .toArray();
        return DtlsClient.echo(ExternalProgram.named("openssl").start(arguments), "Verify return code: 0 (ok)");
    }

    private void newSessionKey() throws Exception {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        Files.write(folder.resolve("session.key"), key);
    }
}
