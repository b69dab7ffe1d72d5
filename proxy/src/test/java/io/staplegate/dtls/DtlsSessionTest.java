package io.staplegate.dtls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.staplegate.handshake.Site;
import io.staplegate.net.Transport;
import io.staplegate.telemetry.DatagramDrop;
import java.time.Duration;
import org.bouncycastle.tls.TlsFatalAlert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a device's session: datagrams both ways, and its end. */
final class DtlsSessionTest {
    private static final Site SITE = new Site("EC");

    @ParameterizedTest
    @EnumSource(Transport.Kind.class)
    void datagramsGoBothWaysForEachDeviceOnItsOwn(Transport.Kind kind) throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).kind(kind).open();
                DtlsDevice one = new DtlsDevice(server, true);
                DtlsDevice other = new DtlsDevice(server, false)) {
            for (int i = 0; i < 20; i++) {
                assertThat(one.ask("one " + i)).isEqualTo("one " + i);
                assertThat(other.ask("other " + i)).isEqualTo("other " + i);
            }
            assertThat(server.listener().sessions()).isEqualTo(2);
            assertThat(server.openSessions()).isEqualTo(2);
            assertThat(server.backend.sources).hasSize(2);
            assertThat(server.ended("ok", "DTLSv1.2")).isEqualTo(2);
            assertThat(server.pending()).isZero();
            assertThat(server.cookiesSent()).isEqualTo(2);
        }
    }

    @Test
    void whatADeviceSendsRightBehindItsHandshakeArrives() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).open()) {
            for (int i = 0; i < 20; i++) {
                try (DtlsDevice device = new DtlsDevice(server, i % 2 == 0)) {
                    assertThat(device.ask("at once")).isEqualTo("at once");
                }
            }
        }
    }

    @Test
    void aBackendMayBeTheOneThatSpeaks() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).open();
                DtlsDevice device = new DtlsDevice(server, true)) {
            assertThat(device.ask("hello")).isEqualTo("hello");
            server.backend.say("wake up".getBytes(UTF_8));
            assertThat(device.receive(5000)).isEqualTo("wake up");
        }
    }

    @Test
    void aDatagramOfTheBackendsThatDoesNotFitIsDroppedAndCounted() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).open();
                DtlsDevice device = new DtlsDevice(server, true)) {
            assertThat(device.ask("hello")).isEqualTo("hello");
            server.backend.say(new byte[1232]);
            await().until(() -> server.dropped(DatagramDrop.TOO_LARGE) == 1);
            assertThat(device.ask("still here")).isEqualTo("still here");
        }
    }

    @Test
    void aHandshakeThatTheDeviceRefusesLeavesNothing() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).connections(1, 1).open();
                Line line = new Line(server.address())) {
            Site other = new Site("EC");
            assertThatThrownBy(() -> new DtlsDevice(other, line, true)).isInstanceOf(TlsFatalAlert.class);
            await().until(() -> server.ended("alert_received", "DTLSv1.2") == 1);
            assertThat(server.pending()).isZero();
            try (DtlsDevice device = new DtlsDevice(server, true)) {
                assertThat(device.ask("a place is free")).isEqualTo("a place is free");
            }
        }
    }

    @Test
    void aDeviceThatLeavesEndsItsSession() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).connections(1, 0).open()) {
            for (int i = 0; i < 2; i++) {
                try (DtlsDevice device = new DtlsDevice(server, true)) {
                    assertThat(device.ask("hello")).isEqualTo("hello");
                    device.leave();
                    await().until(() -> server.listener().sessions() == 0);
                }
            }
            assertThat(server.openSessions()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.Kind.class)
    void sessionsThatAreIdleAreToldAndEnd(Transport.Kind kind) throws Exception {
        try (DtlsServer server = new DtlsServer(SITE)
                        .kind(kind)
                        .idleTimeout(Duration.ofMillis(400))
                        .open();
                DtlsDevice one = new DtlsDevice(server, true);
                DtlsDevice other = new DtlsDevice(server, false);
                DtlsDevice mute = new DtlsDevice(server, false)) {
            one.send("hello");
            other.send("hello");
            assertThat(one.hearsCloseNotify()).isTrue();
            assertThat(other.hearsCloseNotify()).isTrue();
            assertThat(mute.hearsCloseNotify()).isTrue();
            await().until(() -> server.listener().sessions() == 0);
        }
    }

    @Test
    void aSessionThatIsUsedIsNotIdle() throws Exception {
        Duration idle = Duration.ofMillis(500);
        try (DtlsServer server = new DtlsServer(SITE).idleTimeout(idle).open();
                DtlsDevice device = new DtlsDevice(server, true)) {
            long end = System.nanoTime() + 3 * idle.toNanos();
            while (System.nanoTime() < end) {
                assertThat(device.ask("busy")).isEqualTo("busy");
                assertThat(device.receive(50)).isNull();
            }
            assertThat(server.listener().sessions()).isEqualTo(1);
        }
    }
}
