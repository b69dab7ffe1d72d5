package io.staplegate.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import io.staplegate.config.BackendConfig;
import io.staplegate.net.Transport;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Connects to a backend: to its {@link BackendAddresses} one after another, until one answers.
 */
final class BackendConnector {
    /**
     * Bounds what a backend that has closed its side may leave in the kernel, in bytes. Epoll reads all of that at
     * once, whether the device can take it or not.
     */
    private static final int RECEIVE_BUFFER = 256 * 1024;

    private final BackendConfig backend;
    private final Transport transport;
    private final BackendAddresses.NameLookup names;

    BackendConnector(BackendConfig backend, Transport transport, BackendAddresses.NameLookup names) {
        this.backend = backend;
        this.transport = transport;
        this.names = names;
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
        private final BackendAddresses addresses;
        private final List<String> failures = new ArrayList<>();

        Attempts(EventLoop eventLoop, Supplier<ChannelHandler> handlers, Promise<Channel> connected) {
            this.eventLoop = eventLoop;
            this.handlers = handlers;
            this.connected = connected;
            this.addresses = new BackendAddresses(backend, names, eventLoop);
        }

        void next() {
            if (connected.isDone()) {
                return;
            }
            addresses.next(this::take);
        }

        private void take(BackendAddresses.Step step) {
            if (connected.isDone()) {
                return;
            }
            switch (step) {
                case BackendAddresses.Inet(var address) -> open(transport.tcpClient(), address);
                case BackendAddresses.Unix(var path) -> open(transport.unixClient(), transport.unixAddress(path));
                case BackendAddresses.Unresolved(var cause) -> failed(cause);
                case BackendAddresses.End end ->
                    connected.tryFailure(new ConnectException(String.join("; ", failures)));
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
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, BackendAddresses.timeoutMillis(backend))
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
    }
}
