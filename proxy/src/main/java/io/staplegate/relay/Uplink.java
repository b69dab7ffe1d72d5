package io.staplegate.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Errors.NativeIoException;
import io.staplegate.telemetry.Telemetry.DatagramDrop;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A session's way to its backend: a socket connected to one of the backend's addresses. Where that proves to be dead,
 * the device's next datagram goes to the next address. Owned by the session's event loop.
 */
final class Uplink {
    /** Datagrams that wait for a socket. A constrained device has one or two on their way. */
    private static final int MAX_WAITING = 8;

    private final DatagramRelay relay;
    private final DatagramSession session;
    private final EventLoop eventLoop;
    private final Queue<ByteBuf> waiting = new ArrayDeque<>(MAX_WAITING);

    private @Nullable BackendAddresses addresses;
    private @Nullable Channel socket;
    private @Nullable Search search;
    private byte @Nullable [] header;
    private boolean doubted;
    private boolean closed;

    Uplink(DatagramRelay relay, DatagramSession session, EventLoop eventLoop) {
        this.relay = relay;
        this.session = session;
        this.eventLoop = eventLoop;
    }

    /** Takes over one datagram of the device's. */
    void send(ByteBuf datagram) {
        if (socket != null && !doubted) {
            write(socket, datagram);
        } else if (waiting.size() == MAX_WAITING) {
            drop(datagram, DatagramDrop.QUEUE_FULL);
        } else {
            waiting.add(datagram);
            if (search == null) {
                search = new Search();
                search.next();
            }
        }
    }

    void flush() {
        if (socket != null) {
            socket.flush();
        }
    }

    /** The header names the device's address. */
    void deviceMoved() {
        header = null;
    }

    void close() {
        closed = true;
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        if (socket != null) {
            socket.flush();
            replaceSocket(null);
        }
    }

    private void write(Channel socket, ByteBuf datagram) {
        if (!socket.isWritable()) {
            socket.flush();
        }
        if (!socket.isWritable()) {
            drop(datagram, DatagramDrop.QUEUE_FULL);
        } else if (relay.proxyProtocol()) {
            var _ = socket.write(withHeader(datagram), socket.voidPromise());
        } else if (datagram.isReadable()) {
            var _ = socket.write(datagram, socket.voidPromise());
        } else {
            datagram.release();
            EmptyDatagram.send(socket);
        }
    }

    private ByteBuf withHeader(ByteBuf datagram) {
        try {
            if (header == null) {
                header = ProxyHeader.ofDatagrams(session.facts());
            }
            return datagram.alloc()
                    .directBuffer(header.length + datagram.readableBytes())
                    .writeBytes(header)
                    .writeBytes(datagram);
        } finally {
            datagram.release();
        }
    }

    private void drop(ByteBuf datagram, DatagramDrop reason) {
        datagram.release();
        relay.ledger().dropped(reason);
    }

    private void replaceSocket(@Nullable Channel other) {
        Channel former = socket;
        socket = other;
        if (former != null && former != other) {
            var _ = former.close();
        }
    }

    /** A datagram was not sent, or was sent in vain. */
    private void failed(Channel socket, Throwable cause) {
        if (isRefusal(cause)) {
            doubted = true;
            relay.ledger().backendRefused(socket.remoteAddress());
        } else if (isTooLarge(cause)) {
            relay.ledger().dropped(DatagramDrop.TOO_LARGE);
        } else {
            doubted = true;
            relay.ledger().backendFailed(cause);
        }
    }

    /** An ICMP port unreachable shows at the next call of any kind: reading, or writing one datagram or several. */
    private static boolean isRefusal(Throwable cause) {
        return cause instanceof PortUnreachableException
                || cause instanceof ConnectException
                || (cause instanceof NativeIoException e && e.expectedErr() == Errors.ERROR_ECONNREFUSED_NEGATIVE);
    }

    /** EMSGSIZE, which has no class of its own. */
    private static boolean isTooLarge(Throwable cause) {
        return cause instanceof IOException
                && String.valueOf(cause.getMessage()).contains("Message too long");
    }

    /** A walk through the backend's addresses to the first that takes a socket; once round at the most. */
    private final class Search {
        private final List<String> failures = new ArrayList<>();
        private boolean restarted;

        void next() {
            if (addresses == null) {
                restarted = true;
                addresses = relay.addresses(eventLoop);
            }
            addresses.next(this::take);
        }

        private void take(BackendAddresses.Step step) {
            if (closed) {
                return;
            }
            switch (step) {
                case BackendAddresses.Inet(var address) when isConnectedTo(address) -> found(socket);
                case BackendAddresses.Inet(var address) ->
                    open(relay.paths(address).iterator());
                case BackendAddresses.Unix(var path) -> passOver("unix:" + path + " takes no datagrams");
                case BackendAddresses.Unresolved(var cause) -> passOver(cause.getMessage());
                case BackendAddresses.End end -> {
                    addresses = null;
                    if (restarted) {
                        giveUp();
                    } else {
                        next();
                    }
                }
            }
        }

        private boolean isConnectedTo(InetSocketAddress address) {
            return socket != null && address.equals(socket.remoteAddress());
        }

        private void open(Iterator<DatagramRelay.Path> paths) {
            if (!paths.hasNext()) {
                passOver("no source address of the backend's family");
                return;
            }
            ChannelFuture attempt = relay.connect(paths.next(), eventLoop, new Receiver());
            attempt.addListener(done -> {
                if (closed) {
                    var _ = attempt.channel().close();
                } else if (done.isSuccess()) {
                    found(attempt.channel());
                } else if (paths.hasNext()) {
                    open(paths);
                } else {
                    passOver(done.cause().getMessage());
                }
            });
        }

        private void passOver(String failure) {
            failures.add(failure);
            next();
        }

        private void found(Channel found) {
            search = null;
            doubted = false;
            replaceSocket(found);
            while (!waiting.isEmpty()) {
                write(found, waiting.remove());
            }
            found.flush();
        }

        private void giveUp() {
            search = null;
            waiting.forEach(ByteBuf::release);
            waiting.clear();
            relay.ledger().backendFailed(new ConnectException(String.join("; ", failures)));
        }
    }

    /** The end of a socket's pipeline. What is told of a socket that has been replaced is of no interest. */
    private final class Receiver extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            session.backendSent(((DatagramPacket) message).content());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            session.backendSentAll();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (context.channel() == socket) {
                socket = null;
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (context.channel() == socket) {
                failed(socket, cause);
            }
        }
    }
}
