package io.staplegate.ocsp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a revocation list as they are read: those that are signed go through a signature, and no element may be
 * larger than was allowed, whatever its length says. Used by one thread; does not close what it reads.
 */
final class CrlInput extends InputStream {
    private static final int BUFFER = 64 * 1024;
    private static final int NOT_SIGNED = -1;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int end;
    private long before; // bytes ahead of the buffer
    private long fence = Long.MAX_VALUE;

    private int signedFrom = NOT_SIGNED;
    private long mostSigned = Long.MAX_VALUE;
    /** What is signed, until it is known how. */
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();

    private @Nullable Signature signature;

    CrlInput(InputStream in) {
        this.in = in;
    }

    /** Allows so many bytes from here on: for the next element. */
    void allow(int bytes) {
        fence = before + position + bytes;
    }

    /** What is read from here on is signed. */
    void beginSigned() {
        signedFrom = position;
    }

    /**
     * Says how it is signed.
     *
     * @param most bytes that may be signed
     */
    void verifyWith(Signature verifier, long most) throws IOException {
        signature = verifier;
        mostSigned = most;
        sign(head.toByteArray(), 0, head.size());
        head.reset();
    }

    /** What is read from here on is not signed. */
    void endSigned() throws IOException {
        sign(buffer, signedFrom, position);
        signedFrom = NOT_SIGNED;
    }

    @Override
    public int read() throws IOException {
        if (position == end && !fill()) {
            return -1;
        }
        if (before + position >= fence) {
            throw new IOException("an element is too large");
        }
        return buffer[position++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (position == end && !fill()) {
            return -1;
        }
        int count = (int) Math.min(Math.min(length, end - position), fence - before - position);
        if (count <= 0) {
            throw new IOException("an element is too large");
        }
        System.arraycopy(buffer, position, target, offset, count);
        position += count;
        return count;
    }

    private boolean fill() throws IOException {
        if (signedFrom != NOT_SIGNED) {
            sign(buffer, signedFrom, end);
            signedFrom = 0;
        }
        before += end;
        position = 0;
        end = Math.max(0, in.read(buffer, 0, BUFFER));
        return end > 0;
    }

    private void sign(byte[] bytes, int from, int to) throws IOException {
        if (signature == null) {
            head.write(bytes, from, to - from);
            return;
        }
        mostSigned -= to - from;
        if (mostSigned < 0) {
            throw new IOException("too large for its signature algorithm");
        }
        try {
            signature.update(bytes, from, to - from);
        } catch (SignatureException e) {
            throw new IOException(e);
        }
    }
}
