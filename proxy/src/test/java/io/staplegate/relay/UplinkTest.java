package io.staplegate.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.SocketAddress.HostPort;
import io.staplegate.net.Transport;
import io.staplegate.relay.BackendAddresses.NameLookup;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How a session gets its socket: names, and what waits meanwhile. */
@ParameterizedClass
@EnumSource(Transport.Kind.class)
final class UplinkTest {
    private static final NameLookup NO_NAMES = name -> {
        throw new UnknownHostException(name + ": unknown here");
    };

    @Parameter
    Transport.Kind kind = Transport.Kind.NIO;

    private UdpBackend backend;

    @BeforeEach
    void open() throws Exception {
        backend = new UdpBackend();
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void anUnknownNameIsPassedOver() throws Exception {
        try (DatagramFixture relay = relay(NO_NAMES, named("lwm2m.invalid"), backend.address())) {
            relay.send("hello");
            assertThat(backend.receive().text()).isEqualTo("hello");
            assertThat(relay.failed()).isZero();
        }
    }

    @Test
    void aNameIsLookedUpForEachSession() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        NameLookup counting = name -> {
            asked.incrementAndGet();
            return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
        };
        try (DatagramFixture relay = relay(counting, named("lwm2m.example"))) {
            relay.send("one", "two");
            relay.send("three");
            for (int i = 0; i < 3; i++) {
                backend.receive();
            }
            relay.send(relay.openSession(relay.device), "four");
            assertThat(backend.receive().text()).isEqualTo("four");
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void whereNoAddressWorksTheNextDatagramTriesAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        NameLookup late = name -> {
            if (asked.incrementAndGet() == 1) {
                throw new UnknownHostException(name);
            }
            return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
        };
        try (DatagramFixture relay = relay(late, named("lwm2m.example"))) {
            relay.send("lost", "lost too");
            await().until(() -> relay.failed() == 1);
            relay.send("hello");
            assertThat(backend.receive().text()).isEqualTo("hello");
            assertThat(relay.sessions()).isEqualTo(1);
        }
    }

    @Test
    void whatComesDuringALookupWaitsInOrderAndNotWithoutBound() throws Exception {
        CountDownLatch known = new CountDownLatch(1);
        try (DatagramFixture relay = relay(slow(known), named("lwm2m.example"))) {
            for (int i = 0; i < 20; i++) {
                relay.send("datagram " + i);
            }
            assertThat(relay.dropped("queue_full")).isEqualTo(12);
            known.countDown();
            for (int i = 0; i < 8; i++) {
                assertThat(backend.receive().text()).isEqualTo("datagram " + i);
            }
            relay.send("the next");
            assertThat(backend.receive().text()).isEqualTo("the next");
        }
    }

    @Test
    void aLookupThatDoesNotAnswerIsGivenUpInTime() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (DatagramFixture relay = relay(slow(never), named("lwm2m.invalid"), backend.address())) {
            relay.send("hello");
            assertThat(backend.receive().text()).isEqualTo("hello");
        } finally {
            never.countDown();
        }
    }

    @Test
    void aSessionThatEndsDuringALookupLeavesNothing() throws Exception {
        CountDownLatch known = new CountDownLatch(1);
        try (DatagramFixture relay = relay(slow(known), named("lwm2m.example"))) {
            relay.send("never sent", "nor this");
            relay.end(SessionEnd.SHUTDOWN);
            known.countDown();
            relay.send(relay.openSession(relay.device), "hello");
            assertThat(backend.receive().text()).isEqualTo("hello");
        }
    }

    private static NameLookup slow(CountDownLatch known) {
        return name -> {
            try {
                known.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
        };
    }

    private HostPort named(String name) {
        return new HostPort(name, backend.address().port());
    }

    private DatagramFixture relay(NameLookup names, HostPort... addresses) throws Exception {
        return new DatagramFixture(kind, DatagramFixture.backend(addresses), names);
    }
}
