package io.staplegate.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.handshake.Site;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device that begins anew from the address of its session, as after a restart (RFC 6347 §4.2.8). */
final class RenewedHandshakeTest {
    private static final Site SITE = new Site("EC");

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theFormerSessionGoesOnUntilTheNewOneIsComplete(boolean withId) throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).open();
                DtlsDevice former = new DtlsDevice(server, withId)) {
            assertThat(former.ask("question")).isEqualTo("question");
            DtlsDevice.halfOpen(SITE, former.line);
            await().until(() -> server.pending() == 1);
            assertThat(former.ask("meanwhile")).isEqualTo("meanwhile");
            assertThat(server.listener().sessions()).isEqualTo(1);

            DtlsDevice renewed = new DtlsDevice(SITE, former.line, withId);
            assertThat(renewed.ask("anew")).isEqualTo("anew");
            assertThat(server.listener().sessions()).isEqualTo(1);
            assertThat(server.openSessions()).isEqualTo(1);
            assertThat(server.pending()).isZero();
            assertThat(server.ended("ok", "DTLSv1.2")).isEqualTo(2);
            assertThat(server.ended("closed", "DTLSv1.2")).isEqualTo(1);
            former.send("too late");
            assertThat(former.receive(100)).isNull();
        }
    }

    @Test
    void aHelloThatComesAgainBeginsNoOtherHandshake() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).open();
                Line line = DtlsDevice.halfOpen(SITE, new Line(server.address()))) {
            byte[] hello = line.sent.getLast();
            for (int i = 0; i < 3; i++) {
                hello[10]++; // each copy has a sequence number of its own
                line.sendRaw(hello);
            }
            await().until(() -> line.drain(10) > 0);
            assertThat(server.pending()).isEqualTo(1);
            assertThat(server.ended("closed", "DTLSv1.2")).isZero();
        }
    }

    @Test
    void aHelloThatComesAgainBehindTheHandshakeBeginsNone() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).open();
                DtlsDevice device = new DtlsDevice(server, true)) {
            device.line.sendRaw(device.line.sent.get(1));
            assertThat(device.ask("question")).isEqualTo("question");
            assertThat(server.pending()).isZero();
            assertThat(server.ended("ok", "DTLSv1.2")).isEqualTo(1);
        }
    }

    @Test
    void itNeedsNoOtherPlaceAmongTheConnections() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).connections(1, 1).open();
                DtlsDevice former = new DtlsDevice(server, false)) {
            assertThat(former.ask("question")).isEqualTo("question");
            DtlsDevice renewed = new DtlsDevice(SITE, former.line, false);
            assertThat(renewed.ask("anew")).isEqualTo("anew");
            renewed.leave();
            await().until(() -> server.listener().sessions() == 0);
            try (DtlsDevice other = new DtlsDevice(server, false)) {
                assertThat(other.ask("a place is free")).isEqualTo("a place is free");
            }
        }
    }
}
