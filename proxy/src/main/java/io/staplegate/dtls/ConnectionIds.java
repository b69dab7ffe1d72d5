package io.staplegate.dtls;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.bouncycastle.tls.ContentType;
import org.jspecify.annotations.Nullable;

/**
 * The connection ids of one event loop. An id's first byte says which loop that is, the rest is random: whichever
 * socket a datagram comes in by, it finds its session (R49, R50). Owned by the loop.
 *
 * @param <R> where datagrams with an id go
 */
final class ConnectionIds<R> {
    /** More loops than this an id cannot tell apart. */
    static final int MOST_LOOPS = 256;

    /** Where the id is in a record: behind type, version, epoch and sequence number (RFC 9146 §4). */
    private static final int OFFSET = 11;

    private static final int TRIES = 16;

    private final int length;
    private final int loop;
    private final int loops;
    private final SecureRandom random;
    private final Map<ConnectionId, R> routes = new HashMap<>();

    /**
     * The ids of one loop.
     *
     * @param length of every id, in bytes; 0: there are none
     * @param loop which one of {@code loops}, from 0
     */
    ConnectionIds(int length, int loop, int loops, SecureRandom random) {
        this.length = length;
        this.loop = loop;
        this.loops = loops;
        this.random = random;
    }

    /** A new id for a route, or null where there are none (left). */
    @Nullable
    ConnectionId assign(R route) {
        for (int tries = 0; length > 0 && tries < TRIES; tries++) {
            ConnectionId id = new ConnectionId(draw());
            if (routes.putIfAbsent(id, route) == null) {
                return id;
            }
        }
        return null;
    }

    private byte[] draw() {
        byte[] id = new byte[length];
        random.nextBytes(id);
        int ofThisLoop = (MOST_LOOPS - 1 - loop) / loops + 1;
        id[0] = (byte) (loop + loops * (Byte.toUnsignedInt(id[0]) % ofThisLoop));
        return id;
    }

    /** Where datagrams with this id go from now on. */
    void reassign(ConnectionId id, R route) {
        routes.put(id, route);
    }

    void release(ConnectionId id) {
        routes.remove(id);
    }

    /** Whether a datagram begins with a record that carries an id. */
    static boolean isIn(byte[] datagram, int size) {
        return size > 0 && datagram[0] == ContentType.tls12_cid;
    }

    /** The loop that owns the id of a datagram, or -1 where the datagram is too short for one. */
    int loopOf(byte[] datagram, int size) {
        return length == 0 || size < OFFSET + length ? -1 : Byte.toUnsignedInt(datagram[OFFSET]) % loops;
    }

    /** Where a datagram goes of which {@link #loopOf} is this loop, or null where nobody has its id. */
    @Nullable
    R find(byte[] datagram) {
        return routes.get(new ConnectionId(Arrays.copyOfRange(datagram, OFFSET, OFFSET + length)));
    }
}
