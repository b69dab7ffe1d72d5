package io.staplegate.dtls;

import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/**
 * What the engine says before it listens again: records, of which those that hold plaintext handshake messages are
 * taken apart, to be laid out as the datagrams have room for them.
 */
final class Flight {
    /** Something that goes into a datagram. */
    sealed interface Part {}

    /**
     * A handshake message in plaintext, which may be cut.
     *
     * @param head the headers of its first record and fragment as the engine wrote them
     */
    record Message(byte[] head, byte[] body) implements Part {
        /** Bytes of a fragment's header (RFC 6347 §4.2.2). */
        static final int HEADER = 12;

        boolean isServerHello() {
            return head[Records.HEADER] == HandshakeType.server_hello;
        }
    }

    /** A record that goes as it is; in epoch 0 it gets another sequence number. */
    record Whole(byte[] record) implements Part {
        boolean isPlaintext() {
            return TlsUtils.readUint16(record, 3) == 0;
        }
    }

    private final List<Part> parts = new ArrayList<>();

    /** Takes a record of the engine's, which is the flight's from now on. */
    void add(byte[] record) {
        Whole whole = new Whole(record);
        if (whole.isPlaintext() && record[0] == ContentType.handshake) {
            addFragment(record);
        } else {
            parts.add(whole);
        }
    }

    /** The engine cuts messages to what fits its records, and sends the pieces one after the other. */
    private void addFragment(byte[] record) {
        int offset = TlsUtils.readUint24(record, Records.HEADER + 6);
        int length = TlsUtils.readUint24(record, Records.HEADER + 9);
        if (offset == 0) {
            parts.add(new Message(record, new byte[TlsUtils.readUint24(record, Records.HEADER + 1)]));
        }
        if (parts.getLast() instanceof Message message) {
            System.arraycopy(record, Records.HEADER + Message.HEADER, message.body(), offset, length);
        }
    }

    /** The ServerHello, where this flight has it. */
    @Nullable
    Message serverHello() {
        return parts.getFirst() instanceof Message first && first.isServerHello() ? first : null;
    }

    List<Part> parts() {
        return parts;
    }
}
