package io.staplegate.dtls;

import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a device sends while its handshake goes on: any thread puts datagrams in, the handshake's thread takes out the
 * records that the engine may have.
 */
final class HandshakeInput {
    /** The longest record that the engine gets: it reserves as much twice while it waits. */
    static final int LONGEST_RECORD = Records.HEADER + Flight.Message.HEADER + PlaintextGuard.LONGEST_FRAGMENT;

    /**
     * The shortest encrypted body that every suite takes: explicit nonce, tag, and the content type where there is a
     * connection id. The engine ends the handshake at a shorter one, which anybody can send.
     */
    private static final int SHORTEST_SEALED = 8 + 16 + 1;

    private static final int MOST_DATAGRAMS = 128;
    private static final int MOST_BYTES = 32 * 1024;
    private static final byte[] WAKE_UP = new byte[0];

    private final PlaintextGuard guard;
    private final BlockingQueue<byte[]> datagrams = new LinkedBlockingQueue<>(MOST_DATAGRAMS);
    private final AtomicInteger waiting = new AtomicInteger();
    private final Queue<byte[]> records = new ArrayDeque<>();
    private volatile boolean abandoned;

    HandshakeInput(PlaintextGuard guard) {
        this.guard = guard;
    }

    PlaintextGuard guard() {
        return guard;
    }

    /** Takes a datagram; false where too many wait, or too much. */
    boolean offer(byte[] datagram) {
        if (waiting.addAndGet(datagram.length) <= MOST_BYTES && datagrams.offer(datagram)) {
            return true;
        }
        waiting.addAndGet(-datagram.length);
        return false;
    }

    /** Makes {@link #next} throw, also where it waits. */
    void abandon() {
        abandoned = true;
        boolean _ = datagrams.offer(WAKE_UP);
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /**
     * The next record for the engine, or null where none comes in time.
     *
     * @param idLength bytes of the connection id in the device's records
     */
    byte @Nullable [] next(int idLength, long waitMillis) throws InterruptedIOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        while (records.isEmpty()) {
            byte[] datagram = await(deadline - System.nanoTime());
            if (abandoned) {
                throw new InterruptedIOException("the handshake was abandoned");
            }
            if (datagram == null) {
                return null;
            }
            open(datagram, idLength);
        }
        return records.poll();
    }

    private byte @Nullable [] await(long nanos) throws InterruptedIOException {
        try {
            byte[] datagram = datagrams.poll(nanos, TimeUnit.NANOSECONDS);
            if (datagram != null) {
                waiting.addAndGet(-datagram.length);
            }
            return datagram;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the handshake was interrupted");
        }
    }

    private void open(byte[] datagram, int idLength) {
        for (Records record = new Records(datagram, 0, datagram.length, idLength); record.next(); ) {
            if (record.epoch() == 0) {
                records.addAll(guard.admit(record));
            } else if (record.bodyLength() >= SHORTEST_SEALED && record.length() <= LONGEST_RECORD) {
                records.add(Arrays.copyOfRange(datagram, record.start(), record.end()));
            }
        }
    }

    /** A record that came in the handshake's last datagram, or null. */
    byte @Nullable [] leftRecord() {
        return records.poll();
    }

    /** A datagram that came behind it, or null. */
    byte @Nullable [] leftDatagram() {
        return datagrams.poll();
    }
}
