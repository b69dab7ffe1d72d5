package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.staplegate.testing.LossyRelay;
import io.staplegate.testing.LossyRelay.Direction;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices whose address changes while they sleep, and strangers who would like to be them. */
class NatTest {
    /** How long to listen for what must not come. */
    private static final Duration SILENCE = Duration.ofMillis(500);

    @TempDir
    static Path folder;

    private static DtlsServer server;

    private LossyRelay nat;

    @BeforeAll
    static void start() throws Exception {
        server = DtlsServer.in(folder).start();
    }

    @BeforeEach
    void join() throws Exception {
        nat = LossyRelay.calmBefore(server.port());
    }

    @AfterEach
    void leave() {
        nat.close();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void aDeviceWithAConnectionIdGoesOnFromAnotherPort() throws Exception {
        try (ScandiumDevice device = device().withConnectionId().before(nat.port())) {
            device.exchange("at home");
            long handshakes = handshakes();
            nat.rebind();
            assertThat(device.exchange("abroad").text()).isEqualTo("abroad");
            server.echo().say("an order");
            assertThat(device.await(Duration.ofSeconds(20)).text()).isEqualTo("an order");
            assertThat(handshakes()).isEqualTo(handshakes);
        }
    }

    @Test
    void aCopyOfAnOldRecordFromElsewhereChangesNothing() throws Exception {
        try (ScandiumDevice device = device().withConnectionId().before(nat.port());
                DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            device.exchange("to be copied");
            byte[] old = nat.seen(Direction.TO_PROXY).getLast();
            device.exchange("newer");
            double dropped = dropped();
            stranger.send(new DatagramPacket(old, old.length, InetAddress.getLoopbackAddress(), server.port()));
            await().until(() -> dropped() > dropped);

            server.echo().say("an order");

            assertThat(device.await(Duration.ofSeconds(20)).text()).isEqualTo("an order");
            assertHearsNothing(stranger);
            assertThat(server.echo().heard()).containsOnlyOnce("to be copied");
        }
    }

    @Test
    void aDeviceWithoutAConnectionIdComesBackWithAHandshake() throws Exception {
        try (ScandiumDevice device = device().before(nat.port())) {
            device.exchange("at home");
            long handshakes = handshakes();
            nat.rebind();
            device.send("unheard");
            assertThatThrownBy(() -> device.await(SILENCE)).isInstanceOf(IOException.class);

            device.forceResumption();

            assertThat(device.exchange("abroad").text()).isEqualTo("abroad");
            assertThat(handshakes()).isEqualTo(handshakes + 1);
            assertThat(server.echo().heard()).doesNotContain("unheard");
        }
    }

    private static long handshakes() {
        return server.fullHandshakes() + server.handshakes("resumed");
    }

    private static double dropped() {
        return server.metric("staplegate_datagrams_dropped_total", "reason=\"invalid_record\"");
    }

    private static ScandiumDevice.Design device() {
        return ScandiumDevice.trusting(server.pki().root().certificate());
    }

    private static void assertHearsNothing(DatagramSocket socket) throws IOException {
        socket.setSoTimeout((int) SILENCE.toMillis());
        assertThatThrownBy(() -> socket.receive(new DatagramPacket(new byte[2048], 2048)))
                .isInstanceOf(SocketTimeoutException.class);
    }
}
