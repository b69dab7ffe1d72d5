package io.staplegate.dtls;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import io.staplegate.config.SocketAddress;
import io.staplegate.net.Binding;
import io.staplegate.net.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** The sockets on one UDP port: with epoll one for each event loop, between which the kernel spreads the devices. */
final class ListenerSockets {
    /** One byte more than is taken: what is too large shows. */
    private static final int DATAGRAM = Router.LARGEST_RECORD + 1;

    /** Datagrams received in one system call, with epoll. */
    private static final int BATCH = 16;

    /** Batches received before anybody else's turn. */
    private static final int BATCHES = 4;

    /** What the kernel holds for each socket, in bytes, where its own limit is not lower. */
    private static final int KERNEL_BUFFER = 4 * 1024 * 1024;

    /** What may wait for the kernel, in bytes: what is beyond is dropped until less waits. */
    private static final WriteBufferWaterMark WAITING = new WriteBufferWaterMark(2 * 1024 * 1024, 4 * 1024 * 1024);

    /** Makes the router of one loop. */
    interface RouterMaker {
        Router make(Channel channel, int number, int count);
    }

    private final Transport transport;
    private final SocketAddress.HostPort address;
    private final RouterMaker routers;

    private ListenerSockets(Transport transport, SocketAddress.HostPort address, RouterMaker routers) {
        this.transport = transport;
        this.address = address;
        this.routers = routers;
    }

    /**
     * Binds them all; none reads yet.
     *
     * @throws IOException when the address cannot be bound; the message names it, and nothing is left bound
     */
    static List<Channel> bind(Transport transport, SocketAddress.HostPort address, RouterMaker routers)
            throws IOException {
        return new ListenerSockets(transport, address, routers).bindAll();
    }

    private List<Channel> bindAll() throws IOException {
        if (local(address.port()).isUnresolved()) {
            throw new IOException("cannot listen on " + address + ": the name does not resolve");
        }
        List<EventLoop> loops = loops();
        int port = loops.size() == 1 ? address.port() : freePort(loops.getFirst());
        List<Channel> bound = new ArrayList<>();
        try {
            for (EventLoop loop : loops) {
                bound.add(bind(loop, port, bound.size(), loops.size()));
            }
        } catch (IOException e) {
            bound.forEach(channel -> channel.close().awaitUninterruptibly());
            throw e;
        }
        return bound;
    }

    private List<EventLoop> loops() {
        return switch (transport.kind()) {
            case EPOLL ->
                StreamSupport.stream(transport.eventLoops().spliterator(), false)
                        .limit(ConnectionIds.MOST_LOOPS)
                        .map(EventLoop.class::cast)
                        .toList();
            case NIO -> List.of(transport.eventLoops().next());
        };
    }

    /** SO_REUSEPORT shares a port with whoever else asks for that, so one socket tries without it first. */
    private int freePort(EventLoop loop) throws IOException {
        Channel alone = Binding.await(
                new Bootstrap()
                        .group(loop)
                        .channel(transport.datagrams())
                        .option(ChannelOption.AUTO_READ, false)
                        .handler(new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel channel) {}
                        })
                        .bind(local(address.port())),
                address);
        int port = ((InetSocketAddress) alone.localAddress()).getPort();
        alone.close().awaitUninterruptibly();
        return port;
    }

    private InetSocketAddress local(int port) {
        return new InetSocketAddress(address.host(), port);
    }

    private Channel bind(EventLoop loop, int port, int number, int count) throws IOException {
        Bootstrap socket = new Bootstrap()
                .group(loop)
                .channel(transport.datagrams())
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.SO_RCVBUF, KERNEL_BUFFER)
                .option(ChannelOption.SO_SNDBUF, KERNEL_BUFFER)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast("router", routers.make(channel, number, count));
                    }
                });
        switch (transport.kind()) {
            case EPOLL ->
                socket.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, DATAGRAM)
                        .option(UnixChannelOption.SO_REUSEPORT, count > 1)
                        .option(ChannelOption.RECVBUF_ALLOCATOR, buffers(BATCH, BATCHES));
            case NIO -> socket.option(ChannelOption.RECVBUF_ALLOCATOR, buffers(1, BATCH * BATCHES));
        }
        return Binding.await(socket.bind(local(port)), address);
    }

    private static FixedRecvByteBufAllocator buffers(int datagrams, int reads) {
        FixedRecvByteBufAllocator buffers = new FixedRecvByteBufAllocator(datagrams * DATAGRAM);
        buffers.maxMessagesPerRead(datagrams * reads);
        return buffers;
    }
}
