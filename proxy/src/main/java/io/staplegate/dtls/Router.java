package io.staplegate.dtls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.Future;
import io.staplegate.dtls.CookieGate.Challenge;
import io.staplegate.dtls.CookieGate.Ignored;
import io.staplegate.dtls.CookieGate.Verified;
import io.staplegate.telemetry.DatagramDrop;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.HandshakeType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where each datagram goes that comes in by one event loop's socket: to its session by connection id or else by
 * address, to a handshake, or to the cookie gate. Owned by the loop, except where it is said.
 */
final class Router extends ChannelInboundHandlerAdapter {
    /** The largest record, in bytes: its plaintext (RFC 6347 §4.1.1), and what header, id and cipher add. */
    static final int LARGEST_RECORD = (1 << 14) + 512;

    /** Where a record has its epoch (RFC 6347 §4.1). */
    private static final int EPOCH = 3;

    /** How many datagrams may wait that came in by other loops' sockets. */
    private static final int MOST_HANDED_OVER = 4096;

    /** How many sessions end in a row before anybody else's turn. */
    private static final int FAREWELLS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(Router.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ListenerScope scope;
    private final LoopSocket socket;
    private final int number;
    private final ConnectionIds<Route> ids;
    private final SessionTable sessions;
    private final PendingHandshakes handshakes;
    private final AtomicInteger handedOver = new AtomicInteger();
    private final byte[] bytes = new byte[LARGEST_RECORD];
    private List<Router> routers = List.of();
    private @Nullable Future<?> sweeps;
    private boolean leaving;

    /**
     * The router of a loop.
     *
     * @param channel its socket
     * @param number which one of {@code count} loops it is, from 0
     */
    Router(ListenerScope scope, Channel channel, int number, int count) {
        this.scope = scope;
        this.number = number;
        this.socket = new LoopSocket(channel, scope::dropped);
        this.ids = new ConnectionIds<>(scope.dtls().connectionIdLength(), number, count, RANDOM);
        this.sessions = new SessionTable(scope, socket, ids);
        this.handshakes = new PendingHandshakes(scope, socket, ids, sessions);
    }

    /** Begins to take datagrams. {@code all}: the routers of all loops, by their numbers. For any thread. */
    void start(List<Router> all) {
        socket.loop().execute(() -> {
            routers = all;
            long interval = sessions.sweepInterval().toNanos();
            sweeps = socket.loop().scheduleWithFixedDelay(sessions::sweep, interval, interval, TimeUnit.NANOSECONDS);
            socket.read();
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        try {
            ByteBuf content = packet.content();
            int length = content.readableBytes();
            if (length > LARGEST_RECORD) {
                scope.dropped(DatagramDrop.TOO_LARGE);
            } else {
                content.readBytes(bytes, 0, length);
                route(packet.sender(), length);
            }
        } finally {
            packet.release();
        }
    }

    private void route(InetSocketAddress source, int length) {
        if (ConnectionIds.isIn(bytes, length)) {
            routeById(source, length);
        } else if (isClientHello(length)) {
            judge(source, length);
        } else {
            routeByAddress(source, length);
        }
    }

    private boolean isClientHello(int length) {
        return length > Records.HEADER
                && bytes[0] == ContentType.handshake
                && isOfFirstEpoch(length)
                && bytes[Records.HEADER] == HandshakeType.client_hello;
    }

    private void routeById(InetSocketAddress source, int length) {
        int owner = ids.loopOf(bytes, length);
        if (owner == number) {
            receiveById(source, bytes, length);
        } else if (owner >= 0 && owner < routers.size()) {
            routers.get(owner).takeOver(source, Arrays.copyOf(bytes, length));
        } else {
            scope.dropped(DatagramDrop.MALFORMED);
        }
    }

    private void receiveById(InetSocketAddress source, byte[] datagram, int length) {
        Route route = ids.find(datagram);
        if (route == null) {
            scope.dropped(DatagramDrop.UNKNOWN_SESSION);
        } else {
            route.receive(source, datagram, length);
        }
    }

    /** Takes a datagram that came in by another loop's socket. For any thread. */
    private void takeOver(InetSocketAddress source, byte[] datagram) {
        if (handedOver.incrementAndGet() > MOST_HANDED_OVER) {
            handedOver.decrementAndGet();
            scope.dropped(DatagramDrop.QUEUE_FULL);
            return;
        }
        socket.loop().execute(() -> {
            handedOver.decrementAndGet();
            receiveById(source, datagram, datagram.length);
            socket.flush();
        });
    }

    /** A device that begins anew still has its former session: what is encrypted may be of either. */
    private void routeByAddress(InetSocketAddress source, int length) {
        PendingHandshake handshake = handshakes.at(source);
        DeviceSession session = sessions.at(source);
        if (handshake != null) {
            boolean ofFormer = session != null
                    && !isOfFirstEpoch(length)
                    && session.accepts(source, Arrays.copyOf(bytes, length), length);
            if (!ofFormer) {
                handshake.receive(source, bytes, length);
            }
        } else if (session != null) {
            session.receive(source, bytes, length);
        } else {
            judge(source, length);
        }
    }

    private boolean isOfFirstEpoch(int length) {
        return length > EPOCH + 1 && bytes[EPOCH] == 0 && bytes[EPOCH + 1] == 0;
    }

    private void judge(InetSocketAddress source, int length) {
        switch (scope.cookieGate().judge(source, bytes, length)) {
            case Verified verified -> admit(source, verified, length);
            case Challenge(byte[] answer) -> challenge(source, answer);
            case Ignored(DatagramDrop why) -> scope.dropped(why);
        }
    }

    private void challenge(InetSocketAddress source, byte[] answer) {
        if (scope.accepting()) {
            socket.write(answer, source);
            scope.telemetry().cookieSent(scope.name());
        } else {
            scope.dropped(DatagramDrop.HANDSHAKE_LIMIT);
        }
    }

    /** A hello that comes again begins nothing: who has it may have to answer once more (RFC 6347 §4.2.4). */
    private void admit(InetSocketAddress source, Verified verified, int length) {
        PendingHandshake handshake = handshakes.at(source);
        DeviceSession session = sessions.at(source);
        if (handshake != null && handshake.hello() == verified.hello()) {
            handshake.receive(source, bytes, length);
        } else if (session != null && session.beganWith(verified.hello())) {
            session.receive(source, bytes, length);
        } else if (scope.accepting()) {
            handshakes.begin(source, verified);
        } else {
            scope.dropped(DatagramDrop.HANDSHAKE_LIMIT);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        socket.endTurn();
    }

    /** Ends every handshake and session, then closes the socket. For any thread. */
    void shutdown() {
        socket.loop().execute(() -> {
            leaving = true;
            handshakes.endAll();
            sayFarewell();
        });
    }

    private void sayFarewell() {
        if (!sessions.endSome(FAREWELLS)) {
            leaving = false;
            socket.closeBehindWrites();
        } else if (socket.isWritable()) {
            socket.endTurn();
            socket.loop().execute(this::sayFarewell);
        } else {
            socket.endTurn();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (leaving && socket.isWritable()) {
            sayFarewell();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (sweeps != null) {
            sweeps.cancel(false);
        }
        handshakes.endAll();
        sessions.endAll();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.atDebug().addKeyValue("listener", scope.name()).setCause(cause).log("datagram failed");
    }
}
