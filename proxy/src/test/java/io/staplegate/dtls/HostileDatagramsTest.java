package io.staplegate.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.handshake.Site;
import io.staplegate.net.Transport;
import io.staplegate.telemetry.DatagramDrop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing that anybody sends ends another's session, goes uncounted, or is answered with more than it was. */
final class HostileDatagramsTest {
    private static final Site SITE = new Site("EC");
    private static final byte[] CLOSE_NOTIFY = {21, (byte) 0xfe, (byte) 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 1, 0};
    private static final byte[] FATAL_ALERT = {21, (byte) 0xfe, (byte) 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40};

    @ParameterizedTest
    @EnumSource(Transport.Kind.class)
    void garbageFromAStrangerIsDroppedAndCounted(Transport.Kind kind) throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).kind(kind).open();
                DtlsDevice device = new DtlsDevice(server, true);
                Line stranger = new Line(server.address())) {
            assertThat(device.ask("before")).isEqualTo("before");
            double cookies = server.cookiesSent();
            int hello = device.line.sent.getFirst().length;
            List<byte[]> garbage = garbage(device.line);
            for (byte[] datagram : garbage) {
                stranger.sendRaw(datagram);
            }
            await().until(() -> server.droppedForAnyReason() + server.cookiesSent() - cookies == garbage.size());
            await().until(() -> stranger.drain(10) >= 0 && stranger.received.size() == server.cookiesSent() - cookies);
            assertThat(stranger.received).allMatch(answer -> answer.length < hello);
            assertThat(server.pending()).isZero();
            assertThat(server.dropped(DatagramDrop.MALFORMED)).isPositive();
            assertThat(server.dropped(DatagramDrop.UNKNOWN_SESSION)).isPositive();
            assertThat(server.dropped(DatagramDrop.FRAGMENTED_HELLO)).isPositive();
            assertThat(device.ask("after")).isEqualTo("after");
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.Kind.class)
    void garbageFromTheAddressOfASessionLeavesItAlone(Transport.Kind kind) throws Exception {
        for (boolean withId : new boolean[] {true, false}) {
            try (DtlsServer server = new DtlsServer(SITE).kind(kind).open();
                    DtlsDevice device = new DtlsDevice(server, withId)) {
                assertThat(device.ask("before")).isEqualTo("before");
                for (byte[] datagram : garbage(device.line)) {
                    device.line.sendRaw(datagram);
                }
                await().untilAsserted(() -> assertThat(device.ask("after")).isEqualTo("after"));
                assertThat(server.listener().sessions()).isEqualTo(1);
                assertThat(server.dropped(DatagramDrop.INVALID_RECORD)).isPositive();
            }
        }
    }

    @Test
    void aDatagramLargerThanAnyRecordIsDropped() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).open();
                DtlsDevice device = new DtlsDevice(server, true)) {
            byte[] large = Arrays.copyOf(device.line.sent.getLast(), Router.LARGEST_RECORD + 1);
            device.line.sendRaw(large);
            device.line.sendRaw(new byte[65_000]);
            await().until(() -> server.dropped(DatagramDrop.TOO_LARGE) == 2);
            assertThat(device.ask("after")).isEqualTo("after");
        }
    }

    @Test
    void aCookieIsOfNoUseFromAnotherAddress() throws Exception {
        try (DtlsServer server = new DtlsServer(SITE).open();
                DtlsDevice device = new DtlsDevice(server, true);
                Line stranger = new Line(server.address())) {
            byte[] hello = device.line.sent.get(1);
            stranger.sendRaw(hello);
            await().until(() -> server.cookiesSent() == 2);
            await().until(() -> stranger.drain(10) > 0);
            assertThat(stranger.received).hasSize(1).allMatch(answer -> answer.length < hello.length);
            assertThat(server.pending()).isZero();
            assertThat(server.ended("ok", "DTLSv1.2")).isEqualTo(1);
        }
    }

    /** Truncated, altered, random and forged datagrams, made from those of a device. */
    private static List<byte[]> garbage(Line line) throws IOException {
        Random random = new Random(20);
        List<byte[]> garbage = new ArrayList<>(List.of(new byte[0], CLOSE_NOTIFY, FATAL_ALERT));
        byte[] hello = line.sent.getFirst();
        for (int length = 1; length < hello.length; length += 7) {
            garbage.add(Arrays.copyOf(hello, length));
        }
        byte[] fragment = hello.clone();
        fragment[24]--; // its fragment length
        garbage.add(fragment);
        for (byte[] sent : line.sent) {
            for (int i = 0; i < 20; i++) {
                byte[] altered = sent.clone();
                altered[random.nextInt(Math.min(30, altered.length))] ^= (byte) (1 << random.nextInt(8));
                garbage.add(altered);
            }
        }
        garbage.addAll(line.sent.subList(2, line.sent.size()));
        for (int i = 0; i < 100; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (bytes.length > 0 && i % 2 == 0) {
                bytes[0] = (byte) (20 + random.nextInt(6));
            }
            garbage.add(bytes);
        }
        return garbage;
    }
}
