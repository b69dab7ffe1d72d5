package io.staplegate.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.net.Transport;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
}
