package io.staplegate.dtls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.handshake.Site;
import io.staplegate.net.Transport;
import io.staplegate.telemetry.DatagramDrop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A device is known by its connection id, wherever it is; its address changes only as R49 says. */
final class AddressChangeTest {
    private static final Site SITE = new Site("EC");

    /** With epoll the kernel gives about half of these ports to the socket of the other loop. */
    private static final int PORTS = 16;

    @ParameterizedTest
    @EnumSource(Transport.Kind.class)
    void aDeviceWithAnIdGoesOnFromAnotherPort(Transport.Kind kind) throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).kind(kind).open();
                DtlsDevice device = new DtlsDevice(server, true);
                DtlsDevice bystander = new DtlsDevice(server, true)) {
            assertThat(device.ask("at home")).isEqualTo("at home");
            assertThat(bystander.ask("here too")).isEqualTo("here too");
            for (int i = 1; i <= PORTS; i++) {
                device.line.changePort();
                assertThat(device.ask("from port " + i)).isEqualTo("from port " + i);
                assertThat(server.addressChanges()).isEqualTo(i);
            }
            server.backend.say("found you".getBytes(UTF_8));
            assertThat(device.receive(5000)).isEqualTo("found you");
            assertThat(bystander.ask("still here")).isEqualTo("still here");
            assertThat(server.listener().sessions()).isEqualTo(2);
            assertThat(server.backend.sources).hasSize(2);
            assertThat(server.ended("ok", "DTLSv1.2")).isEqualTo(2);
        }
    }

    @Test
    void aSpoofedCopyOfAnOldRecordChangesNothing() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).open();
                DtlsDevice device = new DtlsDevice(server, true)) {
            for (int i = 1; i <= PORTS / 4; i++) {
                assertThat(device.ask("question")).isEqualTo("question");
                try (Line stranger = new Line(server.address())) {
                    stranger.sendRaw(device.line.sent.getLast());
                    int copies = i;
                    await().until(() -> server.dropped(DatagramDrop.INVALID_RECORD) == copies);
                    server.backend.say("for the device".getBytes(UTF_8));
                    assertThat(device.receive(5000)).isEqualTo("for the device");
                    assertThat(stranger.drain(1)).isZero();
                }
            }
            assertThat(server.addressChanges()).isZero();
        }
    }

    @Test
    void aRecordThatWasOvertakenIsTakenButMovesNobody() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).open();
                DtlsDevice device = new DtlsDevice(server, true);
                Line stranger = new Line(server.address())) {
            device.line.holding = true;
            device.send("overtaken");
            device.line.holding = false;
            assertThat(device.ask("newer")).isEqualTo("newer");
            stranger.sendRaw(device.line.held.getFirst());
            assertThat(device.receive(5000)).isEqualTo("overtaken");
            assertThat(stranger.drain(1)).isZero();
            assertThat(server.addressChanges()).isZero();
        }
    }

    @Test
    void aForgedRecordWithTheRightIdMovesNobody() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).open();
                DtlsDevice device = new DtlsDevice(server, true);
                Line stranger = new Line(server.address())) {
            assertThat(device.ask("question")).isEqualTo("question");
            byte[] forged = device.line.sent.getLast().clone();
            forged[10]++; // a sequence number newer than all
            stranger.sendRaw(forged);
            await().until(() -> server.dropped(DatagramDrop.INVALID_RECORD) == 1);
            assertThat(device.ask("again")).isEqualTo("again");
            assertThat(stranger.drain(1)).isZero();
            assertThat(server.addressChanges()).isZero();
        }
    }

    @Test
    void aDeviceWithoutAnIdIsUnknownAtAnotherPort() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).open();
                DtlsDevice device = new DtlsDevice(server, false)) {
            assertThat(device.ask("question")).isEqualTo("question");
            device.line.changePort();
            device.send("who am I?");
            await().until(() -> server.dropped(DatagramDrop.UNKNOWN_SESSION) == 1);
        }
    }

    @Test
    void noIdIsAgreedOnWhereTheListenerHasNone() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).idLength(0).open();
                DtlsDevice device = new DtlsDevice(server, true)) {
            assertThat(device.ask("question")).isEqualTo("question");
            assertThat(device.line.sent.getLast()[0]).isEqualTo((byte) 23);
        }
    }

    @Test
    void anUnknownIdIsDroppedAndCountedWhicheverLoopItNames() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).open();
                DtlsDevice device = new DtlsDevice(server, true)) {
            assertThat(device.ask("question")).isEqualTo("question");
            for (int i = 0; i < 4; i++) {
                byte[] unknown = device.line.sent.getLast().clone();
                unknown[11] = (byte) i;
                unknown[12]++;
                device.line.sendRaw(unknown);
            }
            await().until(() -> server.dropped(DatagramDrop.UNKNOWN_SESSION) == 4);
            assertThat(device.ask("again")).isEqualTo("again");
        }
    }
}
