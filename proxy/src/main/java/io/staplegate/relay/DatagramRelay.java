package io.staplegate.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.staplegate.config.BackendConfig;
import io.staplegate.config.ListenerConfig;
import io.staplegate.net.Transport;
import io.staplegate.telemetry.Telemetry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One listener's way to its UDP backend: makes the session behind each device's DTLS session. */
public final class DatagramRelay {
    /** Datagrams that epoll reads with one call. */
    private static final int BATCH = 4;

    /** Datagrams that one session may read before others have their turn. */
    private static final int MAX_READ = 16;

    private final BackendConfig backend;
    private final Transport transport;
    private final BackendAddresses.NameLookup names;
    private final Ledger ledger;
    private final int mtu;
    private final RecvByteBufAllocator receiveBuffers;
    private final AtomicInteger nextSource = new AtomicInteger();

    /** Where a socket is bound, and where it is connected to. {@code source}: null for what the kernel picks. */
    record Path(@Nullable InetSocketAddress source, InetSocketAddress destination) {}

    public DatagramRelay(
            ListenerConfig listener,
            BackendConfig backend,
            Transport transport,
            AccessLog accessLog,
            Telemetry telemetry) {
        this(
                listener,
                backend,
                transport,
                new Ledger(listener.name(), backend.name(), accessLog, telemetry),
                InetAddress::getAllByName);
    }

    DatagramRelay(
            ListenerConfig listener,
            BackendConfig backend,
            Transport transport,
            Ledger ledger,
            BackendAddresses.NameLookup names) {
        this.backend = backend;
        this.transport = transport;
        this.names = names;
        this.ledger = ledger;
        this.mtu = listener.dtls().mtu();
        int bufferSize = isEpoll() ? BATCH * mtu : mtu;
        this.receiveBuffers = new FixedRecvByteBufAllocator(bufferSize).maxMessagesPerRead(MAX_READ);
    }

    /**
     * Opens a session when its handshake is over; nothing goes to the backend before the device's first datagram.
     *
     * @param facts what the handshake told
     * @param eventLoop owns the session and its backend socket; the caller's thread
     * @param device takes what the backend sends
     */
    public DatagramSession open(SessionFacts facts, EventLoop eventLoop, DatagramDevice device) {
        return new DatagramSession(this, facts, eventLoop, device);
    }

    /** Those that are open. */
    public OpenSessions sessions() {
        return ledger.open();
    }

    Ledger ledger() {
        return ledger;
    }

    boolean proxyProtocol() {
        return backend.proxyProtocol() == BackendConfig.ProxyProtocol.V2;
    }

    BackendAddresses addresses(EventLoop eventLoop) {
        return new BackendAddresses(backend, names, eventLoop);
    }

    /** The paths to a destination: from each source address of its family, starting with another one each time. */
    List<Path> paths(InetSocketAddress destination) {
        if (backend.sourceAddresses().isEmpty()) {
            return List.of(new Path(null, destination));
        }
        List<Path> paths = new ArrayList<>();
        for (InetAddress source : backend.sourceAddresses()) {
            if (source.getClass() == destination.getAddress().getClass()) {
                paths.add(new Path(new InetSocketAddress(source, 0), destination));
            }
        }
        Collections.rotate(paths, -(nextSource.getAndIncrement() & Integer.MAX_VALUE));
        return paths;
    }

    /**
     * Opens a connected socket on an event loop, which must be the caller's. What it receives is cut off at the MTU: no
     * record with so much in it fits either, so that the device's side drops it as too large.
     *
     * <p>Epoll reads in batches, because Netty loses an empty datagram that it reads alone.
     */
    ChannelFuture connect(Path path, EventLoop eventLoop, ChannelHandler receiver) {
        Bootstrap bootstrap = new Bootstrap()
                .group(eventLoop)
                .channel(transport.datagrams())
                .disableResolver()
                .option(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffers)
                .handler(receiver);
        if (isEpoll()) {
            bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, mtu);
        }
        return bootstrap.connect(path.destination(), path.source());
    }

    private boolean isEpoll() {
        return transport.kind() == Transport.Kind.EPOLL;
    }
}
