package io.staplegate.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.handler.codec.haproxy.HAProxySSLTLV;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import io.staplegate.config.BackendConfig;
import io.staplegate.net.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The PROXY protocol header, as a backend decodes it. */
final class ProxyHeaderTest {
    private static final int CIPHER = 0x23;

    @Test
    void carriesAddressesOfIpv4() {
        HAProxyMessage header = decoded(facts("192.0.2.7", "198.51.100.1", "broker.example", null));
        assertThat(header.proxiedProtocol()).isEqualTo(HAProxyProxiedProtocol.TCP4);
        assertThat(header.sourceAddress()).isEqualTo("192.0.2.7");
        assertThat(header.sourcePort()).isEqualTo(40000);
        assertThat(header.destinationAddress()).isEqualTo("198.51.100.1");
        assertThat(header.destinationPort()).isEqualTo(8883);
        header.release();
    }

    @Test
    void carriesAddressesOfIpv6WithoutTheirScope() throws Exception {
        HAProxyMessage header = decoded(facts("2001:db8::7", "fe80::1", "broker.example", null));
        assertThat(header.proxiedProtocol()).isEqualTo(HAProxyProxiedProtocol.TCP6);
        assertThat(InetAddress.ofLiteral(header.sourceAddress())).isEqualTo(InetAddress.ofLiteral("2001:db8::7"));
        assertThat(InetAddress.ofLiteral(header.destinationAddress())).isEqualTo(InetAddress.ofLiteral("fe80::1"));
        header.release();
    }

    @Test
    void mapsAnIpv4AddressBesideAnIpv6One() {
        HAProxyMessage header = decoded(facts("192.0.2.7", "2001:db8::1", "broker.example", null));
        assertThat(header.proxiedProtocol()).isEqualTo(HAProxyProxiedProtocol.TCP6);
        assertThat(InetAddress.ofLiteral(header.sourceAddress())).isEqualTo(InetAddress.ofLiteral("192.0.2.7"));
        header.release();
    }

    @Test
    void carriesTheServerNameTheVersionAndTheSuite() {
        HAProxyMessage header = decoded(facts("192.0.2.7", "198.51.100.1", "broker.example", null));
        assertThat(text(header.tlvs(), HAProxyTLV.Type.PP2_TYPE_AUTHORITY)).isEqualTo("broker.example");
        assertThat(text(header.tlvs(), HAProxyTLV.Type.PP2_TYPE_ALPN)).isEqualTo("mqtt");
        HAProxySSLTLV ssl = ssl(header);
        assertThat(ssl.isPP2ClientSSL()).isTrue();
        assertThat(ssl.isPP2ClientCertConn()).isFalse();
        assertThat(ssl.isPP2ClientCertSess()).isFalse();
        assertThat(ssl.verify()).as("no certificate verified").isNotZero();
        assertThat(text(ssl.encapsulatedTLVs(), HAProxyTLV.Type.PP2_TYPE_SSL_VERSION))
                .isEqualTo("TLSv1.3");
        assertThat(ssl.encapsulatedTLVs())
                .filteredOn(tlv -> tlv.typeByteValue() == CIPHER)
                .map(tlv -> tlv.content().toString(UTF_8))
                .containsExactly("TLS_AES_128_GCM_SHA256");
        header.release();
    }

    @Test
    void carriesTheNameOfTheDevice() {
        HAProxyMessage header =
                decoded(facts("192.0.2.7", "198.51.100.1", null, new CertifiedDevice("meter, \"7\"", "urn:meter:7")));
        HAProxySSLTLV ssl = ssl(header);
        assertThat(ssl.isPP2ClientCertConn()).isTrue();
        assertThat(ssl.isPP2ClientCertSess()).isTrue();
        assertThat(ssl.verify()).isZero();
        assertThat(text(ssl.encapsulatedTLVs(), HAProxyTLV.Type.PP2_TYPE_SSL_CN))
                .isEqualTo("meter, \"7\"");
        assertThat(header.tlvs()).noneMatch(tlv -> tlv.type() == HAProxyTLV.Type.PP2_TYPE_AUTHORITY);
        assertThat(header.tlvs())
                .filteredOn(tlv -> tlv.typeByteValue() == (byte) 0xE1)
                .singleElement()
                .satisfies(tlv -> assertThat(tlv.content().toString(UTF_8)).isEqualTo("urn:meter:7"));
        header.release();
    }

    @Test
    void leavesOutANameThatNoHostHas() {
        HAProxyMessage header = decoded(facts("192.0.2.7", "198.51.100.1", "x".repeat(70_000), null));
        assertThat(header.tlvs()).noneMatch(tlv -> tlv.type() == HAProxyTLV.Type.PP2_TYPE_AUTHORITY);
        header.release();
    }

    @Test
    void comesBeforeEverythingElse() throws Exception {
        var received = new CompletableFuture<byte[]>();
        TestBackend.Conversation collect =
                connection -> received.complete(connection.getInputStream().readAllBytes());
        try (var backend = new TestBackend(collect);
                var relay = new RelayFixture(
                        Transport.Kind.best(),
                        RelayFixture.backend(BackendConfig.ProxyProtocol.V2, backend.address()));
                Socket device = relay.device()) {
            device.getOutputStream().write("hello".getBytes(UTF_8));
            device.shutdownOutput();
            EmbeddedChannel decoder = new EmbeddedChannel(new HAProxyMessageDecoder());
            decoder.writeInbound(decoder.alloc().buffer().writeBytes(received.get(10, TimeUnit.SECONDS)));
            HAProxyMessage header = decoder.readInbound();
            assertThat(header.sourcePort()).isEqualTo(device.getLocalPort());
            assertThat(header.destinationPort()).isEqualTo(device.getPort());
            header.release();
            ByteBuf rest = decoder.readInbound();
            assertThat(rest.toString(UTF_8)).isEqualTo("hello");
            rest.release();
            decoder.finishAndReleaseAll();
        }
    }

    private static SessionFacts facts(
            String source, String destination, @Nullable String serverName, @Nullable CertifiedDevice device) {
        return new SessionFacts(
                "mqtts",
                new InetSocketAddress(InetAddress.ofLiteral(source), 40000),
                new InetSocketAddress(InetAddress.ofLiteral(destination), 8883),
                "TLSv1.3",
                "TLS_AES_128_GCM_SHA256",
                serverName,
                "mqtt",
                "chain",
                false,
                device,
                null,
                null);
    }

    private static HAProxyMessage decoded(SessionFacts facts) {
        EmbeddedChannel encoder = new EmbeddedChannel(HAProxyMessageEncoder.INSTANCE);
        encoder.writeOutbound(ProxyHeader.of(facts, HAProxyProxiedProtocol.TCP4, HAProxyProxiedProtocol.TCP6));
        EmbeddedChannel decoder = new EmbeddedChannel(new HAProxyMessageDecoder());
        ByteBuf bytes = encoder.readOutbound();
        decoder.writeInbound(bytes);
        HAProxyMessage header = decoder.readInbound();
        encoder.finishAndReleaseAll();
        decoder.finishAndReleaseAll();
        return header;
    }

    private static HAProxySSLTLV ssl(HAProxyMessage header) {
        return header.tlvs().stream()
                .filter(HAProxySSLTLV.class::isInstance)
                .map(HAProxySSLTLV.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static String text(List<HAProxyTLV> tlvs, HAProxyTLV.Type type) {
        return tlvs.stream()
                .filter(tlv -> tlv.type() == type)
                .map(tlv -> tlv.content().toString(UTF_8))
                .findFirst()
                .orElseThrow();
    }
}
