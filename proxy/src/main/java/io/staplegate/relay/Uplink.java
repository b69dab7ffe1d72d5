package io.staplegate.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.staplegate.telemetry.DatagramDrop;
import java.net.ConnectException;
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

    private @Nullable BackendAddresses addresses;
    private @Nullable Search search;
    private @Nullable Channel socket;
    private boolean doubted;
    private byte @Nullable [] header;
    private boolean closed;

    Uplink(DatagramRelay relay, DatagramSession session, EventLoop eventLoop) {
        this.relay = relay;
        this.session = session;
        this.eventLoop = eventLoop;
    }

    /** Takes over one datagram of the device's. */
    void send(ByteBuf datagram) {
        if (search != null) {
            search.add(datagram);
        } else if (socket != null && !doubted) {
            write(socket, datagram);
        } else {
            search = new Search();
            search.add(datagram);
            search.next();
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
        if (search != null) {
            search.drop();
        }
        if (socket != null) {
            socket.flush();
            var _ = socket.close();
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

    private void failed(Channel socket, Throwable cause) {
        switch (SendFailure.of(cause)) {
            case REFUSED -> {
                doubted = true;
                relay.ledger().backendRefused(socket.remoteAddress());
            }
            case UNREACHABLE -> {
                doubted = true;
                relay.ledger().backendFailed(cause);
            }
            case TOO_LARGE -> relay.ledger().dropped(DatagramDrop.TOO_LARGE);
        }
    }

    /** A walk through the backend's addresses to the first that takes a socket, once round at the most. */
    private final class Search {
        private final Queue<ByteBuf> waiting = new ArrayDeque<>(MAX_WAITING);
        private final List<String> failures = new ArrayList<>();
        private boolean fromTheFirst;

        void add(ByteBuf datagram) {
            if (waiting.size() == MAX_WAITING) {
                Uplink.this.drop(datagram, DatagramDrop.QUEUE_FULL);
            } else {
                waiting.add(datagram);
            }
        }

        void next() {
            if (addresses == null) {
                fromTheFirst = true;
                addresses = relay.addresses(eventLoop);
            }
            addresses.next(this::take);
        }

        private void take(BackendAddresses.Step step) {
            if (closed) {
                return;
            }
            switch (step) {
                case BackendAddresses.Inet(var address) -> {
                    if (socket != null && address.equals(socket.remoteAddress())) {
                        found(socket);
                    } else {
                        open(relay.paths(address).iterator());
                    }
                }
                case BackendAddresses.Unix(var path) -> passOver("unix:" + path + " takes no datagrams");
                case BackendAddresses.Unresolved(var cause) -> passOver(String.valueOf(cause.getMessage()));
                case BackendAddresses.End end -> {
                    addresses = null;
                    if (fromTheFirst) {
                        giveUp();
                    } else {
                        next();
                    }
                }
            }
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
                    replaceBy(attempt.channel());
                } else if (paths.hasNext()) {
                    open(paths);
                } else {
                    passOver(String.valueOf(done.cause().getMessage()));
                }
            });
        }

        private void passOver(String failure) {
            failures.add(failure);
            next();
        }

        private void replaceBy(Channel other) {
            Channel former = socket;
            socket = other;
            if (former != null) {
                var _ = former.close();
            }
            found(other);
        }

        private void found(Channel socket) {
            search = null;
            doubted = false;
            while (!waiting.isEmpty()) {
                write(socket, waiting.remove());
            }
            socket.flush();
        }

        private void giveUp() {
            search = null;
            drop();
            relay.ledger().backendFailed(new ConnectException(String.join("; ", failures)));
        }

        void drop() {
            waiting.forEach(ByteBuf::release);
            waiting.clear();
        }
    }

    /** The end of a socket's pipeline. What becomes of a socket that has been replaced is of no interest. */
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
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (context.channel().equals(socket) && !closed) {
                failed(context.channel(), cause);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (context.channel().equals(socket)) {
                socket = null;
            }
        }
    }
}
