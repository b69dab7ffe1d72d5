package io.staplegate.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What systemd is to a service: a Unix datagram socket that hears what the service says of itself. */
public final class ServiceManager implements AutoCloseable {
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final String address;

    private ServiceManager(String address) {
        this.address = address;
    }

    /** Listens. {@code address}: an absolute path, or {@code @} and an abstract name. */
    public static ServiceManager listening(String address) throws InterruptedException {
        ServiceManager manager = new ServiceManager(address);
        new Bootstrap()
                .group(manager.loop)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
                        manager.messages.add(packet.content().toString(UTF_8));
                    }
                })
                .bind(new DomainSocketAddress(address.startsWith("@") ? '\0' + address.substring(1) : address))
                .sync();
        return manager;
    }

    public String address() {
        return address;
    }

    /** The next message; fails after 20 s. */
    public String next() throws InterruptedException {
        String message = messages.poll(20, SECONDS);
        assertThat(message).as("a message").isNotNull();
        return message;
    }

    /** The next message that is no sign of life; fails after 20 s without any message. */
    public String nextNews() throws InterruptedException {
        String message = next();
        while (message.equals("WATCHDOG=1")) {
            message = next();
        }
        return message;
    }

    /** The next message, or null where there is none for so long. */
    public @Nullable String within(Duration time) throws InterruptedException {
        return messages.poll(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, SECONDS).syncUninterruptibly();
    }
}
