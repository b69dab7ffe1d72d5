package io.staplegate.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.staplegate.config.BackendConfig;
import io.staplegate.net.Transport;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The PROXY protocol header before each datagram, as a backend decodes it. */
final class DatagramHeaderTest {
    private static final byte PSK_IDENTITY = (byte) 0xE0;

    private UdpBackend backend;
    private DatagramFixture relay;

    /** A datagram as its backend takes it apart. */
    private record Headed(
            HAProxyProxiedProtocol protocol, String source, String destination, byte[] pskIdentity, String rest) {}

    @BeforeEach
    void open() throws Exception {
        backend = new UdpBackend();
        relay = new DatagramFixture(
                Transport.Kind.best(),
                DatagramFixture.backend(BackendConfig.ProxyProtocol.V2, List.of(), backend.address()));
    }

    @AfterEach
    void close() throws Exception {
        relay.close();
        backend.close();
    }

    @Test
    void everyDatagramStartsWithIt() throws Exception {
        relay.send("one", "", "three");
        for (String content : List.of("one", "", "three")) {
            Headed datagram = receive();
            assertThat(datagram.protocol()).isEqualTo(HAProxyProxiedProtocol.UDP4);
            assertThat(datagram.source()).isEqualTo("192.0.2.7:40000");
            assertThat(datagram.destination()).isEqualTo("198.51.100.1:5684");
            assertThat(datagram.rest()).isEqualTo(content);
        }
    }

    @Test
    void answersHaveNone() throws Exception {
        relay.send("hello");
        backend.send("plain", backend.receive().source());
        assertThat(relay.device.next()).isEqualTo("plain");
    }

    @Test
    void aDeviceThatHasMovedIsNamedByItsNewAddress() throws Exception {
        relay.send("before");
        assertThat(receive().source()).isEqualTo("192.0.2.7:40000");
        relay.moveTo(new InetSocketAddress("192.0.2.8", 41000));
        relay.send("after");
        assertThat(receive()).satisfies(moved -> {
            assertThat(moved.source()).isEqualTo("192.0.2.8:41000");
            assertThat(moved.rest()).isEqualTo("after");
        });
        relay.moveTo(new InetSocketAddress("2001:db8::7", 42000));
        relay.send("IPv6");
        assertThat(receive().protocol()).isEqualTo(HAProxyProxiedProtocol.UDP6);
    }

    @Test
    void thePskIdentityIsThereAsItIs() throws Exception {
        relay.send("hello");
        assertThat(receive().pskIdentity()).isEqualTo("meter-7".getBytes(UTF_8));
    }

    private Headed receive() throws Exception {
        EmbeddedChannel decoder = new EmbeddedChannel(new HAProxyMessageDecoder());
        decoder.writeInbound(Unpooled.wrappedBuffer(backend.receive().bytes()));
        HAProxyMessage header = decoder.readInbound();
        ByteBuf rest = decoder.readInbound();
        try {
            return new Headed(
                    header.proxiedProtocol(),
                    header.sourceAddress() + ":" + header.sourcePort(),
                    header.destinationAddress() + ":" + header.destinationPort(),
                    header.tlvs().stream()
                            .filter(tlv -> tlv.typeByteValue() == PSK_IDENTITY)
                            .map(tlv -> ByteBufUtil.getBytes(tlv.content()))
                            .findFirst()
                            .orElseThrow(),
                    rest == null ? "" : rest.toString(UTF_8));
        } finally {
            header.release();
            if (rest != null) {
                rest.release();
            }
            decoder.finishAndReleaseAll();
        }
    }
}
