package io.staplegate.dtls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/**
 * Decides what of a device's plaintext reaches the engine. Anybody can send it, and the engine reserves what a fragment
 * claims, believes a record number however high, and reads no more plaintext after a ChangeCipherSpec. So only the
 * messages that a device has to send pass, at their place and of their size, one fragment a record, newly numbered.
 */
final class PlaintextGuard {
    /** The longest fragment that the engine gets, in bytes; longer ones are cut. */
    static final int LONGEST_FRAGMENT = 1024;

    private static final int LONGEST_CERTIFICATE = 1 << 14;
    private static final int LONGEST_MESSAGE = 1024;
    private static final int LONGEST_HELLO = 1 << 14;

    /** How far behind the hello's a record's number may be. */
    private static final int MOST_RECORDS = 4096;

    /** Each costs the engine time that grows with their number. */
    private static final int MOST_FRAGMENTS = 2048;

    /** Each repeated hello has a whole flight for an answer; the engine's own timer serves who needs more. */
    private static final int MOST_HELLOS = 16;

    private final long helloRecord;
    private final int helloMessage;
    private final BitSet seen = new BitSet();
    private long nextRecord;
    private int fragments;
    private int hellos;
    private boolean certificateSent;
    private @Nullable BitSet verifyReceived;
    private int verifyLength;

    PlaintextGuard(long helloRecord, int helloMessage) {
        this.helloRecord = helloRecord;
        this.helloMessage = helloMessage;
        this.nextRecord = helloRecord + 1;
    }

    /** What the engine is to get of a record of epoch 0: records, or none. */
    List<byte[]> admit(Records record) {
        long distance = record.sequence() - helloRecord;
        if (distance <= 0 || distance > MOST_RECORDS || seen.get((int) distance)) {
            return List.of();
        }
        List<byte[]> admitted = switch (record.type()) {
            case ContentType.handshake -> admitMessages(record);
            case ContentType.alert -> record.bodyLength() == 2 ? List.of(renumbered(record)) : List.of();
            case ContentType.change_cipher_spec -> mayChangeCipher(record) ? List.of(renumbered(record)) : List.of();
            default -> List.of();
        };
        if (!admitted.isEmpty()) {
            seen.set((int) distance);
        }
        return admitted;
    }

    private List<byte[]> admitMessages(Records record) {
        List<byte[]> admitted = new ArrayList<>();
        byte[] bytes = record.datagram();
        int at = record.body();
        while (record.end() - at >= Flight.Message.HEADER) {
            Fragment fragment = Fragment.at(bytes, at);
            boolean first = at == Records.HEADER;
            at += Flight.Message.HEADER + fragment.size();
            if (at > record.end() || !isExpected(fragment, first) || ++fragments > MOST_FRAGMENTS) {
                break;
            }
            note(fragment);
            cut(record, fragment, admitted);
        }
        return admitted;
    }

    /** One handshake fragment's header, and where its content is. */
    private record Fragment(short type, int length, int sequence, int offset, int size, int content) {
        static Fragment at(byte[] bytes, int at) {
            return new Fragment(
                    TlsUtils.readUint8(bytes, at),
                    TlsUtils.readUint24(bytes, at + 1),
                    TlsUtils.readUint16(bytes, at + 4),
                    TlsUtils.readUint24(bytes, at + 6),
                    TlsUtils.readUint24(bytes, at + 9),
                    at + Flight.Message.HEADER);
        }
    }

    /** A hello passes first in its datagram alone: that one has been through the cookie gate. */
    private boolean isExpected(Fragment fragment, boolean firstInDatagram) {
        int place = fragment.sequence() - helloMessage;
        boolean fits = fragment.size() > 0 && fragment.offset() + fragment.size() <= fragment.length();
        return fits
                && switch (fragment.type()) {
                    case HandshakeType.client_hello ->
                        place == 0 && firstInDatagram && fragment.length() <= LONGEST_HELLO && ++hellos <= MOST_HELLOS;
                    case HandshakeType.certificate -> place == 1 && fragment.length() <= LONGEST_CERTIFICATE;
                    case HandshakeType.client_key_exchange ->
                        (place == 1 || place == 2) && fragment.length() <= LONGEST_MESSAGE;
                    case HandshakeType.certificate_verify -> place == 3 && fragment.length() <= LONGEST_MESSAGE;
                    default -> false;
                };
    }

    private void note(Fragment fragment) {
        if (fragment.type() == HandshakeType.certificate) {
            certificateSent |= fragment.length() > 3;
        } else if (fragment.type() == HandshakeType.certificate_verify) {
            if (verifyReceived == null) {
                verifyReceived = new BitSet();
                verifyLength = fragment.length();
            }
            verifyReceived.set(fragment.offset(), fragment.offset() + fragment.size());
        }
    }

    /**
     * The engine takes it at once where it has the key, and then drops a CertificateVerify that was lost or overtaken,
     * for ever. Without this one the device sends both again.
     */
    private boolean mayChangeCipher(Records record) {
        boolean verified = verifyReceived != null && verifyReceived.nextClearBit(0) >= verifyLength;
        return record.bodyLength() == 1 && (!certificateSent || verified);
    }

    private byte[] renumbered(Records record) {
        byte[] copy = Arrays.copyOfRange(record.datagram(), record.start(), record.end());
        TlsUtils.writeUint48(nextRecord++, copy, 5);
        return copy;
    }

    private void cut(Records record, Fragment fragment, List<byte[]> admitted) {
        for (int done = 0; done < fragment.size(); done += LONGEST_FRAGMENT) {
            int size = Math.min(LONGEST_FRAGMENT, fragment.size() - done);
            byte[] piece = new byte[Records.HEADER + Flight.Message.HEADER + size];
            System.arraycopy(record.datagram(), record.start(), piece, 0, Records.HEADER);
            TlsUtils.writeUint48(nextRecord++, piece, 5);
            TlsUtils.writeUint16(Flight.Message.HEADER + size, piece, Records.HEADER - 2);
            int header = fragment.content() - Flight.Message.HEADER;
            System.arraycopy(record.datagram(), header, piece, Records.HEADER, 6);
            TlsUtils.writeUint24(fragment.offset() + done, piece, Records.HEADER + 6);
            TlsUtils.writeUint24(size, piece, Records.HEADER + 9);
            System.arraycopy(
                    record.datagram(), fragment.content() + done, piece, Records.HEADER + Flight.Message.HEADER, size);
            admitted.add(piece);
        }
    }
}
