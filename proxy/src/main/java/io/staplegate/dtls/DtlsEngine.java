package io.staplegate.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import org.bouncycastle.tls.DTLSRecordFlags;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of one DTLS session after its handshake, as datagrams in and out; knows no Netty, no thread and no
 * timer. One thread at a time.
 */
final class DtlsEngine {
    /** The engine wants one that is not empty, also where it neither reads nor writes. */
    private static final byte[] SOME_ARRAY = new byte[1];

    private final DTLSTransport session;
    private final FlightTransport link;

    /** What came behind the handshake; null from the first call of {@link #receiveEarly} on. */
    private @Nullable HandshakeInput early;
    /** Null where the device cannot need the last flight any more: then nothing in plaintext is of interest. */
    private @Nullable PlaintextGuard guard;

    private Received heard = Received.NOTHING;

    /** Takes the plaintext of one record; the bytes are only good during the call. */
    interface Plaintext {
        void receive(byte[] bytes, int offset, int length);
    }

    /** What there was in a datagram. */
    enum Received {
        /** Nothing authentic and new: it was dropped (R47). */
        NOTHING,
        /** An authentic record, or several. */
        AUTHENTIC,
        /** The same, newer than all before it and with its connection id: the device is where it came from (R49). */
        NEWEST_BY_ID
    }

    /** The engine of a handshake that has just ended. */
    DtlsEngine(DTLSTransport session, FlightTransport link, HandshakeInput input) {
        this.session = session;
        this.link = link;
        this.early = input;
        this.guard = input.guard();
        link.handshakeIsOver();
    }

    /** Processes what came behind the handshake: to be called once, when no more is offered to the handshake. */
    void receiveEarly(Plaintext receiver) throws IOException {
        HandshakeInput input = early;
        early = null;
        if (input == null) {
            return;
        }
        for (byte[] record = input.leftRecord(); record != null; record = input.leftRecord()) {
            process(record, 0, record.length, receiver);
        }
        for (byte[] datagram = input.leftDatagram(); datagram != null; datagram = input.leftDatagram()) {
            receive(datagram, 0, datagram.length, receiver);
        }
    }

    /**
     * Processes a datagram: its plaintext goes to the receiver, an answer of the engine's to its output. The datagram
     * is overwritten. Where the device ends the session, {@link #isClosed} tells.
     *
     * @throws IOException where the session cannot go on; it is closed then
     */
    Received receive(byte[] datagram, int offset, int length, Plaintext receiver) throws IOException {
        heard = Received.NOTHING;
        for (Records record = new Records(datagram, offset, length, link.idLength()); record.next(); ) {
            if (record.epoch() > 0) {
                process(datagram, record.start(), record.length(), receiver);
            } else if (guard != null) {
                for (byte[] admitted : guard.admit(record)) {
                    process(admitted, 0, admitted.length, receiver);
                }
            }
        }
        return heard;
    }

    private void process(byte[] bytes, int start, int length, Plaintext receiver) throws IOException {
        if (isClosed()) {
            return;
        }
        boolean sealed = TlsUtils.readUint16(bytes, start + 3) > 0;
        int received;
        link.present(bytes, start, length);
        try {
            if (sealed && session.getReceiveLimit() < 0) {
                // Too short to be encrypted: the engine would end the session, and anybody can have sent it.
                return;
            }
            received = session.receive(bytes, start, length, 0, sealed ? this::accepted : null);
        } catch (TlsFatalAlertReceived | InterruptedIOException nothingToDeliver) {
            return;
        } finally {
            link.sendFlight();
            link.withdraw();
        }
        if (received >= 0) {
            guard = null;
            receiver.receive(bytes, start, received);
        }
    }

    private void accepted(int flags) {
        int newestById = DTLSRecordFlags.IS_NEWEST | DTLSRecordFlags.USES_CONNECTION_ID;
        if ((flags & newestById) == newestById) {
            heard = Received.NEWEST_BY_ID;
        } else if (heard == Received.NOTHING) {
            heard = Received.AUTHENTIC;
        }
    }

    /**
     * Sends plaintext as one record in one datagram of its own; the output is not flushed.
     *
     * @throws IOException where the session is closed
     */
    void send(byte[] plaintext, int offset, int length) throws IOException {
        if (isClosed()) {
            throw new ClosedChannelException();
        }
        if (length > sendLimit()) {
            throw new IllegalArgumentException("length <= sendLimit: " + length + " > " + sendLimit());
        }
        boolean empty = length == 0;
        session.send(empty ? SOME_ARRAY : plaintext, empty ? 0 : offset, length);
    }

    /** The most plaintext that fits into one datagram, in bytes. */
    int sendLimit() {
        try {
            return session.getSendLimit();
        } catch (IOException e) {
            throw new UncheckedIOException("the transport has a limit", e);
        }
    }

    /**
     * Forgets the last flight of the handshake. To be called when the device cannot ask for it any more: 240 s after
     * the handshake, before which the engine does not let go of it, or later.
     */
    void forgetOldFlight() {
        guard = null;
        try {
            session.receive(SOME_ARRAY, 0, SOME_ARRAY.length, 0);
        } catch (IOException nothingCame) {
            // There is no record: the engine only looks at its clock.
        }
    }

    /** Sends a fatal alert and closes, where the session is not closed. */
    void fail(short alert) {
        if (isClosed()) {
            return;
        }
        link.failWith(alert);
        try {
            session.receive(SOME_ARRAY, 0, SOME_ARRAY.length, 0);
        } catch (IOException theAlert) {
            // It is sent, and the session is closed.
        }
    }

    /** Sends close_notify, where the session is not closed. */
    void close() {
        try {
            session.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the transport does not fail", e);
        }
    }

    /** Whether either side has ended it. */
    boolean isClosed() {
        return link.isClosed();
    }
}
