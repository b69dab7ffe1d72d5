package io.staplegate.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event loops of the process, and the channel classes that go with them. */
public final class Transport implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

    /** How long tasks that are still queued may take at {@link #close}. */
    private static final int CLOSE_MILLIS = 5_000;

    /** Not 0: a loop of Netty 4.2 that is busy at that moment would then end without closing its channels. */
    private static final int QUIET_MILLIS = 1;

    /** How sockets are polled. */
    public enum Kind {
        /** Linux's own, in native code. */
        EPOLL,
        /** The JDK's selectors: everywhere. */
        NIO;

        /** {@link #EPOLL} where its native library loads, else {@link #NIO}. */
        public static Kind best() {
            if (Epoll.isAvailable()) {
                return EPOLL;
            }
            LOG.atInfo()
                    .addKeyValue("cause", String.valueOf(Epoll.unavailabilityCause()))
                    .log("no native epoll here, using NIO");
            return NIO;
        }
    }

    private final Kind kind;
    private final EventLoopGroup eventLoops;

    private Transport(Kind kind, EventLoopGroup eventLoops) {
        this.kind = kind;
        this.eventLoops = eventLoops;
    }

    /** Native epoll where it loads, else NIO. {@code threads}: 0 for one a core. */
    public static Transport open(int threads) {
        return open(threads, Kind.best());
    }

    /**
     * Starts event loops of one kind. Their threads are daemons: what keeps the process alive is whoever serves, and a
     * loop that does not end cannot hold up an exit.
     *
     * @param threads 0 for one a core
     */
    public static Transport open(int threads, Kind kind) {
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        IoHandlerFactory polling = switch (kind) {
            case EPOLL -> LastingEpoll.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
        return new Transport(
                kind, new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("staplegate-io", true), polling));
    }

    public Kind kind() {
        return kind;
    }

    public EventLoopGroup eventLoops() {
        return eventLoops;
    }

    /** Listens on TCP. */
    public Class<? extends ServerChannel> tcpServer() {
        return switch (kind) {
            case EPOLL -> EpollServerSocketChannel.class;
            case NIO -> NioServerSocketChannel.class;
        };
    }

    /** Connects over TCP. */
    public Class<? extends Channel> tcpClient() {
        return switch (kind) {
            case EPOLL -> EpollSocketChannel.class;
            case NIO -> NioSocketChannel.class;
        };
    }

    /** Sends and receives datagrams. */
    public Class<? extends DatagramChannel> datagrams() {
        return switch (kind) {
            case EPOLL -> EpollDatagramChannel.class;
            case NIO -> NioDatagramChannel.class;
        };
    }

    /** Listens on a Unix domain socket. */
    public Class<? extends ServerChannel> unixServer() {
        return switch (kind) {
            case EPOLL -> EpollServerDomainSocketChannel.class;
            case NIO -> NioServerDomainSocketChannel.class;
        };
    }

    /** Connects to a Unix domain socket. */
    public Class<? extends Channel> unixClient() {
        return switch (kind) {
            case EPOLL -> EpollDomainSocketChannel.class;
            case NIO -> NioDomainSocketChannel.class;
        };
    }

    /** The address of a Unix domain socket, as {@link #unixClient} and {@link #unixServer} take it. */
    public SocketAddress unixAddress(Path path) {
        return switch (kind) {
            case EPOLL -> new DomainSocketAddress(path.toFile());
            case NIO -> UnixDomainSocketAddress.of(path);
        };
    }

    /** Sends something through every event loop: completes when each one has run a task, never while one is stuck. */
    public CompletableFuture<Void> roundTrip() {
        List<CompletableFuture<Void>> visits = new ArrayList<>();
        eventLoops.forEach(loop -> visits.add(CompletableFuture.runAsync(() -> {}, loop)));
        return CompletableFuture.allOf(visits.toArray(CompletableFuture[]::new));
    }

    /** Closes every channel, ends every event loop, and waits for that: seconds at the most. */
    @Override
    public void close() {
        var _ = eventLoops.shutdownGracefully(QUIET_MILLIS, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        try {
            if (!eventLoops.awaitTermination(2 * CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.atWarn().log("an event loop did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
