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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices whose address changes while they sleep, and strangers who would like to be them. */
class NatTest {
    /** How long to listen for what must not come. */
    private static final Duration SILENCE = Duration.ofMillis(500);

    @TempDir
    Path folder;

    private DtlsServer server;
    private LossyRelay nat;

    @BeforeEach
    void start() throws Exception {
        server = DtlsServer.in(folder).start();
        nat = LossyRelay.calmBefore(server.port());
    }

    @AfterEach
    void stop() throws Exception {
        nat.close();
        server.close();
    }

    @Test
    void aDeviceWithAConnectionIdGoesOnFromAnotherPort() throws Exception {
        try (ScandiumDevice device = device().withConnectionId().before(nat.port())) {
            assertThat(device.exchange("one").text()).isEqualTo("one");
            nat.rebind();
            assertThat(device.exchange("two").text()).isEqualTo("two");
            server.echo().say("three");
            assertThat(device.await(Duration.ofSeconds(20)).text()).isEqualTo("three");
        }
        assertThat(server.fullHandshakes()).isEqualTo(1);
        assertThat(server.handshakes("resumed")).isZero();
    }

    @Test
    void aCopyOfAnOldRecordFromElsewhereChangesNothing() throws Exception {
        try (ScandiumDevice device = device().withConnectionId().before(nat.port());
                DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            device.exchange("one");
            byte[] old = nat.seen(Direction.TO_PROXY).getLast();
            device.exchange("two");
            stranger.send(new DatagramPacket(old, old.length, InetAddress.getLoopbackAddress(), server.port()));
            await().untilAsserted(() -> assertThat(
                            server.metric("staplegate_datagrams_dropped_total", "reason=\"invalid_record\""))
                    .isPositive());

            server.echo().say("three");

            assertThat(device.await(Duration.ofSeconds(20)).text()).isEqualTo("three");
            assertHearsNothing(stranger);
            assertThat(server.echo().heard()).containsExactly("one", "two");
        }
    }

    @Test
    void aDeviceWithoutAConnectionIdComesBackWithAHandshake() throws Exception {
        try (ScandiumDevice device = device().before(nat.port())) {
            device.exchange("one");
            nat.rebind();
            device.send("lost");
            assertThatThrownBy(() -> device.await(SILENCE)).isInstanceOf(IOException.class);

            device.forceResumption();

            assertThat(device.exchange("two").text()).isEqualTo("two");
        }
        assertThat(server.echo().heard()).containsExactly("one", "two");
        assertThat(server.handshakes("resumed")).isEqualTo(1);
    }

    private ScandiumDevice.Design device() {
        return ScandiumDevice.trusting(server.pki().root().certificate());
    }

    private static void assertHearsNothing(DatagramSocket socket) throws IOException {
        socket.setSoTimeout((int) SILENCE.toMillis());
        assertThatThrownBy(() -> socket.receive(new DatagramPacket(new byte[2048], 2048)))
                .isInstanceOf(SocketTimeoutException.class);
    }
}
