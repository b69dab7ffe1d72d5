package io.staplegate.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Unix datagram socket that tells a service manager how we are: sd_notify(3). Safe for use by any thread. */
public final class NotificationSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NotificationSocket.class);

    /** Bound to no name of its own, the kernel picks one; an unbound channel of Netty's sends nothing. */
    private static final DomainSocketAddress ANY = new DomainSocketAddress("");

    private final Channel channel;
    private final DomainSocketAddress manager;
    private volatile boolean heard = true;

    private NotificationSocket(Channel channel, DomainSocketAddress manager) {
        this.channel = channel;
        this.manager = manager;
    }

    /**
     * Opens one. Nobody need listen yet: the manager is looked up at each message, since it may have been exchanged.
     *
     * @param address where the manager listens: an absolute path, or {@code @} and an abstract name
     * @throws IOException where that is no such address, or the transport has no such sockets
     */
    public static NotificationSocket open(Transport transport, String address) throws IOException {
        if (transport.kind() != Transport.Kind.EPOLL) {
            throw new IOException("needs native epoll");
        }
        Bootstrap bootstrap = new Bootstrap()
                .group(transport.eventLoops())
                .channel(EpollDomainDatagramChannel.class)
                .handler(new ChannelInboundHandlerAdapter());
        return new NotificationSocket(Binding.await(bootstrap.bind(ANY), "a Unix socket"), parse(address));
    }

    private static DomainSocketAddress parse(String address) throws IOException {
        return switch (address.isEmpty() ? ' ' : address.charAt(0)) {
            case '/' -> new DomainSocketAddress(address);
            case '@' -> new DomainSocketAddress('\0' + address.substring(1));
            default -> throw new IOException("\"" + address + "\" is neither a path nor an abstract name");
        };
    }

    /** Sends one message, and does not wait. The first one that is not heard is logged. */
    public void send(String message) {
        var packet = new DomainDatagramPacket(Unpooled.copiedBuffer(message, StandardCharsets.UTF_8), manager);
        var _ = channel.writeAndFlush(packet).addListener((ChannelFuture sending) -> {
            if (heard && !sending.isSuccess()) {
                LOG.atWarn()
                        .addKeyValue("cause", String.valueOf(sending.cause()))
                        .log("the service manager does not hear what it is told");
            }
            heard = sending.isSuccess();
        });
    }

    /** Has the socket closed behind what has been sent, and does not wait: an event loop may be stuck. */
    @Override
    public void close() {
        var _ = channel.close();
    }
}
