package io.staplegate.dtls;

import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.TlsUtils;

/**
 * A walk over the records of one datagram (RFC 6347 §4.1, RFC 9146 §4), of which nothing is trusted: it ends before the
 * first that is malformed.
 */
final class Records {
    /** Bytes of a record's header, without a connection id. */
    static final int HEADER = 13;

    private final byte[] datagram;
    private final int end;
    private final int idLength;
    private int start;
    private int body;
    private int next;

    /**
     * Before the first record.
     *
     * @param idLength bytes of the connection id in records that have one; 0: there are none with one
     */
    Records(byte[] datagram, int offset, int length, int idLength) {
        this.datagram = datagram;
        this.end = offset + length;
        this.idLength = idLength;
        this.next = offset;
    }

    /** Goes to the next record; false where there is none. */
    boolean next() {
        start = next;
        next = end;
        if (end - start < HEADER || !isKnown(type()) || !isDtls()) {
            return false;
        }
        boolean hasId = type() == ContentType.tls12_cid;
        body = start + HEADER + (hasId ? idLength : 0);
        if (body > end || (hasId && idLength == 0)) {
            return false;
        }
        int bodyEnd = body + TlsUtils.readUint16(datagram, body - 2);
        if (bodyEnd > end) {
            return false;
        }
        next = bodyEnd;
        return true;
    }

    private static boolean isKnown(short type) {
        return type >= ContentType.change_cipher_spec && type <= ContentType.tls12_cid;
    }

    /** DTLS 1.0, which a ClientHello's record may say, or 1.2. The engine throws at other values, 0xFEFE for one. */
    private boolean isDtls() {
        int version = TlsUtils.readUint16(datagram, start + 1);
        return version == 0xFEFF || version == 0xFEFD;
    }

    short type() {
        return TlsUtils.readUint8(datagram, start);
    }

    int epoch() {
        return TlsUtils.readUint16(datagram, start + 3);
    }

    long sequence() {
        return TlsUtils.readUint48(datagram, start + 5);
    }

    byte[] datagram() {
        return datagram;
    }

    /** Where the record begins in the datagram's array. */
    int start() {
        return start;
    }

    /** Bytes of the record with its header. */
    int length() {
        return next - start;
    }

    /** Where the record's body begins in the datagram's array. */
    int body() {
        return body;
    }

    int bodyLength() {
        return next - body;
    }

    /** Where the record ends in the datagram's array. */
    int end() {
        return next;
    }
}
