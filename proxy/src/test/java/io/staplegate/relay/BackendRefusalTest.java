package io.staplegate.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.staplegate.config.SocketAddress.HostPort;
import io.staplegate.net.Transport;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** A backend's host that says by ICMP that nobody listens there. */
@ParameterizedClass
@EnumSource(Transport.Kind.class)
final class BackendRefusalTest {
    @Parameter
    Transport.Kind kind = Transport.Kind.NIO;

    @Test
    void aRefusalIsCountedAndSaidOnceAMinuteAndEndsNothing() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(Ledger.class);
        log.start();
        logger.addAppender(log);
        HostPort nobody = UdpBackend.nobody();
        try (DatagramFixture relay = new DatagramFixture(kind, DatagramFixture.backend(nobody))) {
            sendInVain(relay, 1);
            sendInVain(relay, 2);
            sendInVain(relay, 3);
            assertThat(relay.sessions()).isEqualTo(1);
            assertThat(relay.failed()).isZero();
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list).hasSize(1);
        assertThat(log.list.getFirst().getLevel()).isEqualTo(Level.WARN);
        assertThat(log.list.getFirst().getKeyValuePairs()).asString().contains(nobody.toString(), "lwm2m", "coaps");
    }

    @Test
    void aBackendThatComesUpIsReachedFromTheSameSocket() throws Exception {
        HostPort address = UdpBackend.nobody();
        try (DatagramFixture relay = new DatagramFixture(kind, DatagramFixture.backend(address))) {
            sendInVain(relay, 1);
            InetSocketAddress source;
            try (UdpBackend backend = new UdpBackend(address.port())) {
                relay.send("are you there?");
                source = backend.receive().source();
                backend.send("yes", source);
                assertThat(relay.device.next()).isEqualTo("yes");
            }
            sendInVain(relay, 2);
            try (UdpBackend restarted = new UdpBackend(address.port())) {
                relay.send("and now?");
                assertThat(restarted.receive().source())
                        .as("a backend knows a device by this address")
                        .isEqualTo(source);
            }
        }
    }

    @Test
    void theNextDatagramGoesToTheNextAddress() throws Exception {
        try (UdpBackend backend = new UdpBackend();
                DatagramFixture relay = new DatagramFixture(
                        kind, DatagramFixture.backend(UdpBackend.nobody(), UdpBackend.nobody(), backend.address()))) {
            sendInVain(relay, 1);
            sendInVain(relay, 2);
            relay.send("third time lucky", "and more");
            assertThat(backend.receive().text()).isEqualTo("third time lucky");
            assertThat(backend.receive().text()).isEqualTo("and more");
        }
    }

    @Test
    void theFirstAddressFollowsTheLast() throws Exception {
        HostPort first = UdpBackend.nobody();
        try (DatagramFixture relay = new DatagramFixture(kind, DatagramFixture.backend(first, UdpBackend.nobody()))) {
            sendInVain(relay, 1);
            sendInVain(relay, 2);
            try (UdpBackend backend = new UdpBackend(first.port())) {
                relay.send("hello");
                assertThat(backend.receive().text()).isEqualTo("hello");
            }
        }
    }

    /** Sends a datagram, and waits until so many have been refused. */
    private static void sendInVain(DatagramFixture relay, int refusals) throws Exception {
        relay.send("anyone?");
        await().until(() -> relay.refused() == refusals);
    }
}
