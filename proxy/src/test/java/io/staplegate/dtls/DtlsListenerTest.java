package io.staplegate.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.staplegate.handshake.Site;
import io.staplegate.net.Transport;
import io.staplegate.telemetry.DatagramDrop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The port of a listener: taken, shared by its loops, given back. */
final class DtlsListenerTest {
    private static final Site SITE = new Site("EC");

    @ParameterizedTest
    @EnumSource(Transport.Kind.class)
    void aPortInUseIsAClearError(Transport.Kind kind) throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).kind(kind).open();
                DtlsServer second = new DtlsServer(SITE).kind(kind).port(server.port())) {
            assertThatThrownBy(second::open)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + server.port())
                    .hasMessageContaining("in use");
            try (DtlsDevice device = new DtlsDevice(server, true)) {
                assertThat(device.ask("undisturbed")).isEqualTo("undisturbed");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 127.0.0.1", "'::', 127.0.0.1", "'::', '::1'", "'::1', '::1'"})
    void devicesOfBothFamiliesAreServed(String bind, String device) throws Exception {
        InetAddress home = InetAddress.getByName(device);
        for (Transport.Kind kind : Transport.Kind.values()) {
            try (DtlsServer server = new DtlsServer(SITE).kind(kind).host(bind).open();
                    DtlsDevice known =
                            new DtlsDevice(SITE, new Line(new InetSocketAddress(home, server.port()), home), true)) {
                assertThat(known.ask("question")).isEqualTo("question");
                known.line.changePort();
                assertThat(known.ask("again")).isEqualTo("again");
            }
        }
    }

    @Test
    void aNameThatDoesNotResolveIsAClearError() throws Exception {
        for (Transport.Kind kind : Transport.Kind.values()) {
            try (DtlsServer server = new DtlsServer(SITE).kind(kind).host("no-such-host.invalid")) {
                assertThatThrownBy(server::open)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("no-such-host.invalid")
                        .hasMessageContaining("does not resolve");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.Kind.class)
    void everyDeviceHearsThatTheProxyStops(Transport.Kind kind) throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).kind(kind).open();
                DtlsDevice one = new DtlsDevice(server, true);
                DtlsDevice other = new DtlsDevice(server, false);
                DtlsDevice moved = new DtlsDevice(server, true);
                Line halfOpen = DtlsDevice.halfOpen(SITE, new Line(server.address()))) {
            moved.line.changePort();
            assertThat(moved.ask("elsewhere")).isEqualTo("elsewhere");
            await().until(() -> server.pending() == 1);
            server.listener().shutdown(Duration.ofSeconds(5));
            assertThat(one.hearsCloseNotify()).isTrue();
            assertThat(other.hearsCloseNotify()).isTrue();
            assertThat(moved.hearsCloseNotify()).isTrue();
            assertThat(server.listener().sessions()).isZero();
            assertThat(server.openSessions()).isZero();
            assertThat(server.pending()).isZero();
            assertThat(halfOpen.drain(1)).isZero();
            try (DtlsServer next =
                            new DtlsServer(SITE).kind(kind).port(server.port()).open();
                    DtlsDevice device = new DtlsDevice(next, true)) {
                assertThat(device.ask("the port is free")).isEqualTo("the port is free");
            }
        }
    }

    @Test
    void aListenerThatDrainsBeginsNothingAndEndsNothing() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).open();
                DtlsDevice device = new DtlsDevice(server, true);
                Line other = new Line(server.address())) {
            assertThat(device.ask("before")).isEqualTo("before");
            server.listener().stopAccepting();
            other.sendRaw(device.line.sent.getFirst());
            await().until(() -> server.dropped(DatagramDrop.HANDSHAKE_LIMIT) == 1);
            assertThat(other.drain(1)).isZero();
            assertThat(device.ask("after")).isEqualTo("after");
        }
    }

    @Test
    void sessionsEndWithTheirEventLoops() throws Exception {
        DtlsServer server = new DtlsServer(SITE).open();
        try (DtlsDevice device = new DtlsDevice(server, true);
                Line _ = DtlsDevice.halfOpen(SITE, new Line(server.address()))) {
            assertThat(device.ask("question")).isEqualTo("question");
            await().until(() -> server.pending() == 1);
            server.close();
            assertThat(server.listener().sessions()).isZero();
            assertThat(server.openSessions()).isZero();
            assertThat(server.pending()).isZero();
        }
    }
}
