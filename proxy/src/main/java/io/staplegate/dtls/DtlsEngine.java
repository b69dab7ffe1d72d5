package io.staplegate.dtls;

import java.io.IOException;

/**
 * The server's end of one DTLS session after its handshake, as datagrams in and out; knows no Netty, no thread and no
 * timer. One thread at a time.
 */
final class DtlsEngine {
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
        /** The same, newer than all before it and found by its connection id: the device is where it came from (R49). */
        NEWEST_BY_ID
    }

    /** Processes a datagram: its plaintext goes to the receiver, an answer of the engine's to its output. */
    Received receive(byte[] datagram, int offset, int length, Plaintext receiver) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Sends plaintext as one record in one datagram of its own. */
    void send(byte[] plaintext, int offset, int length) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The most plaintext that fits into one datagram, in bytes. */
    int sendLimit() {
        throw new UnsupportedOperationException();
    }

    /** Forgets the last flight of the handshake, where it is too old for the device to ask for it again (240 s). */
    void forgetOldFlight() {
        throw new UnsupportedOperationException();
    }

    /** Sends close_notify, where the session is not closed. */
    void close() {
        throw new UnsupportedOperationException();
    }

    /** Whether either side has ended it. */
    boolean isClosed() {
        throw new UnsupportedOperationException();
    }
}
