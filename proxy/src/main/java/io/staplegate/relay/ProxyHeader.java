package io.staplegate.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.handler.codec.haproxy.HAProxySSLTLV;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The PROXY protocol v2 header of a session: the device's address, its server name and application protocol; in
 * {@code PP2_TYPE_SSL} the TLS version, the cipher suite (its IANA name) and the common name of its certificate; and in
 * type 0xE0, the first of those that are free for use ({@code PP2_TYPE_MIN_CUSTOM}), its PSK identity as it is, or in
 * type 0xE1 the name that the configuration takes from its certificate.
 */
final class ProxyHeader {
    /** PP2_SUBTYPE_SSL_CIPHER. */
    private static final byte CIPHER = 0x23;

    /** PP2_TYPE_MIN_CUSTOM. */
    private static final byte PSK_IDENTITY = (byte) 0xE0;

    /** Behind it. */
    private static final byte DEVICE_NAME = (byte) 0xE1;

    /** The device speaks TLS. */
    private static final byte CLIENT_SSL = 0x01;

    /** It sent a certificate on this connection. */
    private static final byte CLIENT_CERT_CONN = 0x02;

    /** It sent a certificate on this connection, or on the one that this resumes. */
    private static final byte CLIENT_CERT_SESS = 0x04;

    private static final int VERIFIED = 0;
    private static final int NOT_VERIFIED = 1;

    /** No name that a header carries is longer; together they stay far below the 65,535 bytes of a header. */
    private static final int MAX_NAME_BYTES = 255;

    private ProxyHeader() {}

    /** Writes the header to a connection; nothing may have been written before it. */
    static void send(SessionFacts facts, ChannelHandlerContext backend) {
        backend.pipeline().addFirst(HAProxyMessageEncoder.INSTANCE);
        var _ = backend.write(of(facts, HAProxyProxiedProtocol.TCP4, HAProxyProxiedProtocol.TCP6));
        backend.pipeline().remove(HAProxyMessageEncoder.INSTANCE);
    }

    /** The header as each datagram of a session starts with it. */
    static byte[] ofDatagrams(SessionFacts facts) {
        EmbeddedChannel encoder = new EmbeddedChannel(HAProxyMessageEncoder.INSTANCE);
        encoder.writeOutbound(of(facts, HAProxyProxiedProtocol.UDP4, HAProxyProxiedProtocol.UDP6));
        ByteBuf header = encoder.readOutbound();
        try {
            return ByteBufUtil.getBytes(header);
        } finally {
            header.release();
            encoder.finishAndReleaseAll();
        }
    }

    static HAProxyMessage of(SessionFacts facts, HAProxyProxiedProtocol ipv4, HAProxyProxiedProtocol ipv6) {
        InetSocketAddress source = facts.source();
        InetSocketAddress destination = facts.destination();
        boolean v4 = source.getAddress() instanceof Inet4Address && destination.getAddress() instanceof Inet4Address;
        List<HAProxyTLV> extras = new ArrayList<>();
        addText(extras, HAProxyTLV.Type.PP2_TYPE_ALPN, facts.alpn());
        addText(extras, HAProxyTLV.Type.PP2_TYPE_AUTHORITY, facts.serverName());
        extras.add(security(facts));
        byte[] pskIdentity = facts.pskIdentity();
        if (pskIdentity != null) {
            extras.add(new HAProxyTLV(PSK_IDENTITY, Unpooled.wrappedBuffer(pskIdentity)));
        }
        CertifiedDevice device = facts.certified();
        if (device != null && device.name() != null && ByteBufUtil.utf8Bytes(device.name()) <= MAX_NAME_BYTES) {
            extras.add(new HAProxyTLV(DEVICE_NAME, utf8(device.name())));
        }
        return new HAProxyMessage(
                HAProxyProtocolVersion.V2,
                HAProxyCommand.PROXY,
                v4 ? ipv4 : ipv6,
                text(source.getAddress(), v4),
                text(destination.getAddress(), v4),
                source.getPort(),
                destination.getPort(),
                extras);
    }

    private static HAProxySSLTLV security(SessionFacts facts) {
        List<HAProxyTLV> details = new ArrayList<>();
        addText(details, HAProxyTLV.Type.PP2_TYPE_SSL_VERSION, facts.version());
        details.add(new HAProxyTLV(CIPHER, utf8(facts.suite())));
        CertifiedDevice device = facts.certified();
        if (device == null) {
            return new HAProxySSLTLV(NOT_VERIFIED, CLIENT_SSL, details);
        }
        addText(details, HAProxyTLV.Type.PP2_TYPE_SSL_CN, device.commonName());
        int client = CLIENT_SSL | CLIENT_CERT_SESS | (facts.resumed() ? 0 : CLIENT_CERT_CONN);
        return new HAProxySSLTLV(VERIFIED, (byte) client, details);
    }

    private static void addText(List<HAProxyTLV> list, HAProxyTLV.Type type, @Nullable String text) {
        if (text != null && ByteBufUtil.utf8Bytes(text) <= MAX_NAME_BYTES) {
            list.add(new HAProxyTLV(type, utf8(text)));
        }
    }

    private static ByteBuf utf8(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    /** Both addresses of a header are of one family; an IPv4 address in IPv6 company is written as a mapped one. */
    private static String text(InetAddress address, boolean v4) {
        String text = NetUtil.toAddressString(address);
        return v4 || !(address instanceof Inet4Address) ? text : "::ffff:" + text;
    }
}
