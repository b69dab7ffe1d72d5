package io.staplegate.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.CharsetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TransportTest {
    @ParameterizedTest
    @EnumSource
    void listensOnTcp(Transport.Kind kind) throws Exception {
        try (Transport transport = Transport.open(1, kind)) {
            Channel server = new ServerBootstrap()
                    .group(transport.eventLoops())
                    .channel(transport.tcpServer())
                    .childHandler(new Greeting())
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            var address = (InetSocketAddress) server.localAddress();
            try (Socket client = new Socket(address.getAddress(), address.getPort())) {
                assertThat(client.getInputStream().readNBytes(5)).asString().isEqualTo("hello");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectsToUnixSockets(Transport.Kind kind, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("backend.sock");
        try (Transport transport = Transport.open(1, kind);
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            new Bootstrap()
                    .group(transport.eventLoops())
                    .channel(transport.unixClient())
                    .handler(new Greeting())
                    .connect(transport.unixAddress(path))
                    .sync();
            try (SocketChannel accepted = server.accept()) {
                ByteBuffer received = ByteBuffer.allocate(5);
                while (received.hasRemaining()) {
                    accepted.read(received);
                }
                assertThat(received.array()).asString().isEqualTo("hello");
            }
        }
    }

    @Test
    void picksEpollWhereItLoads() {
        try (Transport transport = Transport.open(0)) {
            assertThat(transport.kind()).isEqualTo(Transport.Kind.best());
        }
    }

    @RepeatedTest(3)
    void closingEndsChannelsAndThreads() throws Exception {
        Transport transport = Transport.open(1);
        Channel server = new ServerBootstrap()
                .group(transport.eventLoops())
                .channel(transport.tcpServer())
                .childHandler(new Greeting())
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        transport.close();
        assertThat(server.isOpen()).isFalse();
        assertThat(transport.eventLoops().isTerminated()).isTrue();
    }

    @ChannelHandler.Sharable
    private static final class Greeting extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            var _ = context.writeAndFlush(Unpooled.copiedBuffer("hello", CharsetUtil.US_ASCII));
        }
    }
}
