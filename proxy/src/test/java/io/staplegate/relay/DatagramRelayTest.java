package io.staplegate.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.AccessLogConfig;
import io.staplegate.config.FileReference;
import io.staplegate.net.Transport;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Datagrams between a device and its backend. */
@ParameterizedClass
@EnumSource(Transport.Kind.class)
final class DatagramRelayTest {
    @Parameter
    Transport.Kind kind = Transport.Kind.NIO;

    private UdpBackend backend;
    private DatagramFixture relay;

    @BeforeEach
    void open() throws Exception {
        backend = new UdpBackend();
        relay = new DatagramFixture(kind, DatagramFixture.backend(backend.address()));
    }

    @AfterEach
    void close() throws Exception {
        relay.close();
        backend.close();
    }

    @Test
    void datagramsGoBothWaysOneForOne() throws Exception {
        relay.send("one", "two", "three");
        InetSocketAddress source = backend.receive().source();
        assertThat(backend.receive().text()).isEqualTo("two");
        UdpBackend.Received third = backend.receive();
        assertThat(third.text()).isEqualTo("three");
        assertThat(third.source()).as("one socket a session").isEqualTo(source);
        backend.send("yes", source);
        backend.send("no", source);
        assertThat(relay.device.next()).isEqualTo("yes");
        assertThat(relay.device.next()).isEqualTo("no");
    }

    @Test
    void theBackendMaySpeakFirstOnceThereIsASocket() throws Exception {
        relay.send("hello");
        InetSocketAddress source = backend.receive().source();
        relay.onLoop(() -> "some time passes");
        backend.send("wake up", source);
        assertThat(relay.device.next()).isEqualTo("wake up");
    }

    @Test
    void nothingIsOpenedBeforeTheDevicesFirstDatagram() throws Exception {
        assertThat(relay.sessions()).isEqualTo(1);
        relay.send();
        relay.end(SessionEnd.IDLE);
        assertThat(relay.sessions()).isZero();
    }

    @Test
    void everySessionHasASocketOfItsOwn() throws Exception {
        DatagramFixture.Device other = new DatagramFixture.Device();
        relay.send("one");
        relay.send(relay.openSession(other), "two");
        InetSocketAddress first = backend.receive().source();
        InetSocketAddress second = backend.receive().source();
        assertThat(first).isNotEqualTo(second);
        backend.send("to the second", second);
        backend.send("to the first", first);
        assertThat(other.next()).isEqualTo("to the second");
        assertThat(relay.device.next()).isEqualTo("to the first");
    }

    @Test
    void anotherPeerIsNotHeard() throws Exception {
        relay.send("hello");
        InetSocketAddress source = backend.receive().source();
        try (UdpBackend stranger = new UdpBackend()) {
            stranger.send("I am your backend", source);
        }
        backend.send("no, I am", source);
        assertThat(relay.device.next()).isEqualTo("no, I am");
    }

    @Test
    void emptyDatagramsAreKept() throws Exception {
        boolean sent = kind == Transport.Kind.EPOLL;
        relay.send("before", "", "after", "end");
        InetSocketAddress source = backend.receive().source();
        if (sent) {
            assertThat(backend.receive().text()).isEmpty();
        }
        assertThat(backend.receive().text()).isEqualTo("after");
        assertThat(backend.receive().text()).isEqualTo("end");
        backend.send("", source);
        backend.send("more", source);
        assertThat(relay.device.next()).isEmpty();
        assertThat(relay.device.next()).isEqualTo("more");
    }

    @Test
    void aDatagramThatThePathDoesNotTakeIsDroppedAlone() throws Exception {
        relay.send("before", "x".repeat(65_508), "after", "x".repeat(66_000), "end");
        assertThat(backend.receive().text()).isEqualTo("before");
        assertThat(backend.receive().text()).isEqualTo("after");
        InetSocketAddress source = backend.receive().source();
        assertThat(relay.dropped("too_large")).isEqualTo(2);
        backend.send("still here", source);
        assertThat(relay.device.next()).isEqualTo("still here");
        assertThat(relay.failed() + relay.refused()).isZero();
    }

    @Test
    void theLargestDatagramThatThereIsGoesThrough() throws Exception {
        relay.send("x".repeat(65_507));
        assertThat(backend.receive().bytes()).hasSize(65_507);
    }

    @Test
    void aDatagramTooLargeForTheDeviceReachesItNeverAsASmallerOne() throws Exception {
        relay.send("hello");
        backend.send("x".repeat(60_000), backend.receive().source());
        assertThat(relay.device.next()).hasSize(DatagramFixture.MTU);
    }

    @Test
    void whatCameTogetherLeavesTogether() throws Exception {
        relay.send("hello");
        InetSocketAddress source = backend.receive().source();
        relay.onLoop(() -> {
            for (int i = 0; i < 10; i++) {
                backend.send("datagram " + i, source);
            }
            return source;
        });
        for (int i = 0; i < 10; i++) {
            assertThat(relay.device.next()).isEqualTo("datagram " + i);
        }
        assertThat(relay.device.flushes).hasValue(1);
    }

    @Test
    void datagramsEitherWayKeepASessionYoung() throws Exception {
        long opened = relay.lastDatagramAt();
        relay.send("hello");
        long sent = relay.lastDatagramAt();
        assertThat(sent - opened).isPositive();
        backend.send("yes", backend.receive().source());
        relay.device.next();
        assertThat(relay.lastDatagramAt() - sent).isPositive();
    }

    @Test
    void bytesAreCountedEachWay() throws Exception {
        relay.send("12345", "678");
        backend.send("1234", backend.receive().source());
        relay.device.next();
        assertThat(bytes("from_device")).isEqualTo(8);
        assertThat(bytes("to_device")).isEqualTo(4);
        relay.device.refuses = true;
        backend.send("1234", backend.receive().source());
        await().until(() -> relay.device.flushes.get() == 2);
        assertThat(bytes("to_device")).as("what the device's side dropped").isEqualTo(4);
    }

    @Test
    void anEndClosesTheSocketAndIsCountedOnce() throws Exception {
        relay.send("last words");
        relay.end(SessionEnd.DEVICE);
        relay.end(SessionEnd.IDLE);
        relay.send("too late");
        relay.moveTo(new InetSocketAddress("192.0.2.8", 40000));
        assertThat(relay.sessions()).isZero();
        InetSocketAddress source = backend.receive().source();
        await().untilAsserted(() -> new DatagramSocket(source).close());
    }

    @Test
    void anEndIsALineOfTheAccessLog(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("access.log");
        AccessLogConfig log =
                new AccessLogConfig(AccessLogConfig.Format.TEXT, new FileReference(file.toString(), file));
        try (DatagramFixture relay =
                new DatagramFixture(kind, DatagramFixture.backend(backend.address()), InetAddress::getAllByName, log)) {
            relay.send("12345");
            backend.send("123", backend.receive().source());
            relay.device.next();
            relay.moveTo(new InetSocketAddress("192.0.2.8", 40001));
            relay.end(SessionEnd.IDLE);
        }
        assertThat(Files.readString(file))
                .contains(" listener=coaps source=192.0.2.8:40001 ", " bytesFromDevice=5 bytesToDevice=3 ")
                .endsWith(" end=idle device=meter-7\n");
    }

    @Test
    void aSessionThatEndsBeforeItsSocketIsThereLeavesNothing() throws Exception {
        relay.onLoop(() -> {
            DatagramSession session = relay.openSession(relay.device);
            relay.send(session, "never sent");
            session.close(SessionEnd.DEVICE);
            return session;
        });
        relay.send("hello");
        assertThat(backend.receive().text()).isEqualTo("hello");
        assertThat(relay.sessions()).isEqualTo(1);
    }

    @Test
    void ipv6IsSpokenToo() throws Exception {
        try (UdpBackend v6 = new UdpBackend(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
                DatagramFixture relay = new DatagramFixture(kind, DatagramFixture.backend(v6.address()))) {
            relay.send("hello");
            v6.send("yes", v6.receive().source());
            assertThat(relay.device.next()).isEqualTo("yes");
        }
    }

    private double bytes(String direction) {
        return relay.metric("staplegate_relayed_bytes_total{direction=\"" + direction + "\",listener=\"coaps\"}");
    }
}
