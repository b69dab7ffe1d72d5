package io.staplegate.dtls;

import io.netty.buffer.ByteBuf;
import io.staplegate.relay.SessionEnd;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sessions of one event loop, and what they share. Owned by the loop. */
final class SessionTable {
    /** How many calls of {@link #sweep} come past every session. */
    private static final int SWEEPS_ROUND = 8;

    private final ListenerScope scope;
    private final LoopSocket socket;
    private final ConnectionIds<Route> ids;
    private final long idleNanos;

    /** The sessions that are where their handshake was. Who has moved is known by its id alone. */
    private final Map<InetSocketAddress, DeviceSession> byAddress = new HashMap<>();

    private final SessionRoll roll = new SessionRoll();
    private final byte[] plaintext = new byte[Router.LARGEST_RECORD];

    SessionTable(ListenerScope scope, LoopSocket socket, ConnectionIds<Route> ids) {
        this.scope = scope;
        this.socket = socket;
        this.ids = ids;
        this.idleNanos = scope.config().effectiveIdleTimeout().toNanos();
    }

    ListenerScope scope() {
        return scope;
    }

    LoopSocket socket() {
        return socket;
    }

    /** The session that was set up from an address, and is still there. */
    @Nullable
    DeviceSession at(InetSocketAddress address) {
        return byAddress.get(address);
    }

    /** Takes up a new session; the one from the same address before it, which the device has given up, ends. */
    void add(DeviceSession session) {
        DeviceSession former = byAddress.get(session.address());
        if (former != null) {
            former.end(SessionEnd.DEVICE);
        }
        byAddress.put(session.address(), session);
        if (session.id() != null) {
            ids.reassign(session.id(), session);
        }
        roll.add(session);
        scope.sessions().incrementAndGet();
    }

    /** A session is about to leave its address. */
    void leaves(DeviceSession session) {
        byAddress.remove(session.address(), session);
    }

    void remove(DeviceSession session) {
        leaves(session);
        if (session.id() != null) {
            ids.release(session.id());
        }
        roll.remove(session);
        scope.sessions().decrementAndGet();
    }

    /** The bytes of a datagram in an array that is good until the next call. */
    byte[] plaintext(ByteBuf datagram) {
        datagram.getBytes(datagram.readerIndex(), plaintext, 0, datagram.readableBytes());
        return plaintext;
    }

    /** How often {@link #sweep} is to be called: so that an idle session is found soon after its time. */
    Duration sweepInterval() {
        long nanos = Math.clamp(
                idleNanos / (SWEEPS_ROUND * SWEEPS_ROUND),
                Duration.ofMillis(1).toNanos(),
                Duration.ofSeconds(1).toNanos());
        return Duration.ofNanos(nanos);
    }

    /** Looks after some of the sessions: ends who is idle, and lets go of what is too old to be asked for. */
    void sweep() {
        long now = socket.now();
        roll.visit(roll.size() / SWEEPS_ROUND + 1, session -> session.lookAfter(now, idleNanos));
    }

    /** Ends some of the sessions, as many as the socket takes the farewells of; false where there is none left. */
    boolean endSome(int most) {
        for (int i = 0; i < most && socket.isWritable(); i++) {
            DeviceSession session = roll.any();
            if (session == null) {
                return false;
            }
            session.end(SessionEnd.SHUTDOWN);
        }
        return roll.size() > 0;
    }

    /** Ends all sessions, whoever may hear of it. */
    void endAll() {
        for (DeviceSession session = roll.any(); session != null; session = roll.any()) {
            session.end(SessionEnd.SHUTDOWN);
        }
    }
}
