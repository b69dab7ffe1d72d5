package io.staplegate.demo;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramPacket;
import io.staplegate.net.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A server for datagrams that come through the proxy: an echo. */
public final class UdpBackend implements AutoCloseable {
    private static final int LARGEST_DATAGRAM = 65_507;

    /** As much as the kernel grants: a thousand sessions may speak at once. */
    private static final int RECEIVE_BUFFER = 4 * 1024 * 1024;

    private final Transport transport;
    private final Channel channel;

    private UdpBackend(int port) throws IOException {
        this.transport = Transport.open(1);
        ChannelFuture bound = new Bootstrap()
                .group(transport.eventLoops())
                .channel(transport.datagrams())
                .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LARGEST_DATAGRAM))
                .handler(new EchoHandler())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            transport.close();
            throw new IOException("cannot listen on port " + port, bound.cause());
        }
        this.channel = bound.channel();
    }

    /**
     * Serves on loopback.
     *
     * @param port 0 picks a free one
     */
    public static UdpBackend start(int port) throws IOException {
        return new UdpBackend(port);
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        transport.close();
    }

    private static final class EchoHandler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            var _ = context.write(new DatagramPacket(packet.content(), packet.sender()));
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // a sender that has gone: its echo is lost, as datagrams may be
        }
    }
}
