package io.staplegate.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.BackendConfig;
import io.staplegate.config.SocketAddress.HostPort;
import io.staplegate.net.Transport;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Which local address a session's socket has. */
@ParameterizedClass
@EnumSource(Transport.Kind.class)
final class SourceAddressesTest {
    /** No address of this machine (RFC 5737). */
    private static final String ABSENT = "192.0.2.1";

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
    void sessionsTakeThemInTurn() throws Exception {
        try (DatagramFixture relay = relay(List.of("127.0.0.2", "127.0.0.3"), backend.address())) {
            List<String> sources = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                relay.send(relay.openSession(relay.device), "hello");
                sources.add(source());
            }
            assertThat(sources).containsExactly("127.0.0.2", "127.0.0.3", "127.0.0.2", "127.0.0.3");
        }
    }

    @Test
    void oneThatIsNotOfThisMachineIsPassedOver() throws Exception {
        try (DatagramFixture relay = relay(List.of(ABSENT, "127.0.0.3"), backend.address())) {
            relay.send("one");
            assertThat(source()).isEqualTo("127.0.0.3");
            assertThat(relay.failed()).isZero();
        }
    }

    @Test
    void whereNoneIsLeftTheDatagramIsDroppedAndTheSessionLives() throws Exception {
        try (DatagramFixture relay = relay(List.of(ABSENT), backend.address())) {
            relay.send("one");
            await().until(() -> relay.failed() == 1);
            relay.send("two");
            await().until(() -> relay.failed() == 2);
            assertThat(relay.sessions()).isEqualTo(1);
        }
    }

    @Test
    void onlyThoseOfTheBackendsFamilyAreTaken() throws Exception {
        HostPort v6 = new HostPort("::1", backend.address().port());
        try (DatagramFixture relay = relay(List.of("::1", "127.0.0.2"), backend.address())) {
            relay.send("hello");
            assertThat(source()).isEqualTo("127.0.0.2");
        }
        try (DatagramFixture relay = relay(List.of("127.0.0.2"), v6, backend.address())) {
            relay.send("hello");
            assertThat(source()).isEqualTo("127.0.0.2");
        }
    }

    private String source() throws Exception {
        InetAddress address = backend.receive().source().getAddress();
        return address.getHostAddress();
    }

    private DatagramFixture relay(List<String> sources, HostPort... addresses) throws Exception {
        return new DatagramFixture(kind, DatagramFixture.backend(BackendConfig.ProxyProtocol.OFF, sources, addresses));
    }
}
