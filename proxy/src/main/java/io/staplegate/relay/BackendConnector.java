package io.staplegate.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.staplegate.config.BackendConfig;
import io.staplegate.config.SocketAddress.HostPort;
import io.staplegate.config.SocketAddress.UnixPath;
import io.staplegate.net.Transport;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Connects to a backend: its addresses in order, each name resolved anew, each of a name's addresses in turn, until one
 * answers.
 */
final class BackendConnector {
    /**
     * Bounds what a backend that has closed its side may leave in the kernel, in bytes. Epoll reads all of that at
     * once, whether the device can take it or not.
     */
    private static final int RECEIVE_BUFFER = 256 * 1024;

    /** What knows the addresses of names; it may block. */
    interface NameLookup {
        InetAddress[] lookUp(String name) throws UnknownHostException;
    }

    private final BackendConfig backend;
    private final Transport transport;
    private final NameLookup names;
    private final int timeoutMillis;

    BackendConnector(BackendConfig backend, Transport transport, NameLookup names) {
        this.backend = backend;
        this.transport = transport;
        this.names = names;
        this.timeoutMillis = Math.clamp(backend.connectTimeout().toMillis(), 1, Integer.MAX_VALUE);
    }

    /**
     * Connects on an event loop, which must be the caller's. Each attempt has a handler of its own; the one that
     * succeeds hears {@code channelActive}. The channel reads only when told to, and may be closed one way (but for
     * NIO's Unix sockets, which close at the end of the stream).
     *
     * @return fails with a {@link ConnectException} that tells of every attempt; cancelling it ends the attempts
     */
    Promise<Channel> connect(EventLoop eventLoop, Supplier<ChannelHandler> handlers) {
        Promise<Channel> connected = eventLoop.newPromise();
        new Attempts(eventLoop, handlers, connected).next();
        return connected;
    }

    private final class Attempts {
        private final EventLoop eventLoop;
        private final Supplier<ChannelHandler> handlers;
        private final Promise<Channel> connected;
        private final Queue<io.staplegate.config.SocketAddress> configured = new ArrayDeque<>(backend.address());
        private final Queue<InetSocketAddress> resolved = new ArrayDeque<>();
        private final List<String> failures = new ArrayList<>();

        Attempts(EventLoop eventLoop, Supplier<ChannelHandler> handlers, Promise<Channel> connected) {
            this.eventLoop = eventLoop;
            this.handlers = handlers;
            this.connected = connected;
        }

        void next() {
            if (connected.isDone()) {
                return;
            }
            InetSocketAddress address = resolved.poll();
            if (address != null) {
                open(transport.tcpClient(), address);
                return;
            }
            switch (configured.poll()) {
                case HostPort name -> resolve(name);
                case UnixPath(var path) -> open(transport.unixClient(), transport.unixAddress(path));
                case null -> connected.tryFailure(new ConnectException(String.join("; ", failures)));
            }
        }

        private void failed(Throwable cause) {
            failures.add(cause.getMessage());
            next();
        }

        private void open(Class<? extends Channel> type, SocketAddress address) {
            Bootstrap bootstrap = new Bootstrap()
                    .group(eventLoop)
                    .channel(type)
                    .option(ChannelOption.AUTO_READ, false)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                    .handler(handlers.get());
            boolean tcp = address instanceof InetSocketAddress;
            if (tcp || transport.kind() == Transport.Kind.EPOLL) {
                bootstrap.option(ChannelOption.ALLOW_HALF_CLOSURE, true);
            }
            if (tcp) {
                bootstrap
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER);
            }
            ChannelFuture attempt = bootstrap.connect(address);
            attempt.addListener(done -> {
                if (!done.isSuccess()) {
                    failed(done.cause());
                } else if (!connected.trySuccess(attempt.channel())) {
                    var _ = attempt.channel().close();
                }
            });
        }

        private void resolve(HostPort name) {
            InetAddress literal = NetUtil.createInetAddressFromIpAddressString(name.host());
            if (literal != null) {
                open(transport.tcpClient(), new InetSocketAddress(literal, name.port()));
                return;
            }
            Promise<InetAddress[]> addresses = eventLoop.newPromise();
            Future<?> timeout = eventLoop.schedule(
                    () -> addresses.tryFailure(new UnknownHostException(name + ": no answer from the name service")),
                    timeoutMillis,
                    TimeUnit.MILLISECONDS);
            addresses.addListener(done -> {
                timeout.cancel(false);
                if (!done.isSuccess()) {
                    failed(done.cause());
                    return;
                }
                for (InetAddress address : addresses.getNow()) {
                    resolved.add(new InetSocketAddress(address, name.port()));
                }
                next();
            });
            Thread.ofVirtual().name("resolve " + name.host()).start(() -> lookUp(name.host(), addresses));
        }

        /** Blocks, so it has a thread of its own. */
        private void lookUp(String host, Promise<InetAddress[]> addresses) {
            try {
                addresses.trySuccess(names.lookUp(host));
            } catch (UnknownHostException e) {
                addresses.tryFailure(e);
            }
        }
    }
}
