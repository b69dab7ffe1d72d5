package io.staplegate.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.handshake.Site;
import io.staplegate.telemetry.DatagramDrop;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Handshakes that stall cost little, and not for long. */
final class HandshakeLimitsTest {
    private static final Site SITE = new Site("EC");

    @Test
    void aHandshakeThatStallsFreesEverythingAtItsTimeout() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE)
                        .connections(1, 0)
                        .handshakes(1, 1)
                        .handshakeTimeout(Duration.ofMillis(300))
                        .open();
                Line stalled = halfOpen(server, 1)) {
            await().until(() -> server.ended("timeout", "DTLSv1.2") == 1);
            assertThat(server.pending()).isZero();
            try (DtlsDevice device = new DtlsDevice(server, true)) {
                assertThat(device.ask("question")).isEqualTo("question");
            }
            assertThat(stalled.drain(1)).isZero();
        }
    }

    @Test
    void beyondTheLimitAHelloIsDropped() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).handshakes(2, 100).open();
                Line _ = halfOpen(server, 1);
                Line _ = halfOpen(server, 2);
                Line _ = halfOpen(server, 3)) {
            await().until(() -> server.dropped(DatagramDrop.HANDSHAKE_LIMIT) == 1);
            assertThat(server.pending()).isEqualTo(2);
        }
    }

    @Test
    void aSourceHasSoManyAndNoMore() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).handshakes(100, 2).open();
                Line _ = halfOpen(server, 1);
                Line _ = halfOpen(server, 1);
                Line _ = halfOpen(server, 1)) {
            await().until(() -> server.dropped(DatagramDrop.HANDSHAKE_SOURCE_LIMIT) == 1);
            assertThat(server.pending()).isEqualTo(2);
            try (Line _ = halfOpen(server, 2)) {
                await().until(() -> server.pending() == 3);
                assertThat(server.dropped(DatagramDrop.HANDSHAKE_SOURCE_LIMIT)).isEqualTo(1);
            }
        }
    }

    @Test
    void whoHasBeenSilentForLongestGivesWay() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE)
                        .loops(1)
                        .handshakes(2, 2)
                        .retransmit(Duration.ofMillis(50))
                        .open();
                Line _ = halfOpen(server, 1);
                Line _ = halfOpen(server, 1)) {
            for (int i = 1; i <= 3; i++) {
                try (DtlsDevice device = new DtlsDevice(server, true)) {
                    assertThat(device.ask("question")).isEqualTo("question");
                }
            }
            assertThat(server.ended("timeout", "DTLSv1.2")).isBetween(1.0, 2.0);
            assertThat(server.ended("ok", "DTLSv1.2")).isEqualTo(3);
        }
    }

    @Test
    void connectionsBeyondTheLimitAreRefusedAndCounted() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).connections(1, 0).open();
                DtlsDevice device = new DtlsDevice(server, true);
                Line _ = halfOpen(server, 2)) {
            await().until(() -> server.refused("listener_limit") == 1);
            assertThat(server.pending()).isZero();
            assertThat(device.ask("question")).isEqualTo("question");
        }
    }

    @Test
    void aSourceHasSoManyConnectionsAndNoMore() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).connections(100, 1).open();
                DtlsDevice device = new DtlsDevice(server, true);
                Line _ = halfOpen(server, 1);
                Line _ = halfOpen(server, 2)) {
            await().until(() -> server.refused("source_limit") == 1);
            await().until(() -> server.pending() == 1);
            assertThat(device.ask("question")).isEqualTo("question");
        }
    }

    /** A handshake from 127.0.0.{@code source} that does not go on behind the cookie. */
    private static Line halfOpen(DtlsServer server, int source) throws IOException {
        InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) source});
        return DtlsDevice.halfOpen(SITE, new Line(server.address(), address));
    }
}
