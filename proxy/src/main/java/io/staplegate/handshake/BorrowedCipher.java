package io.staplegate.handshake;

import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipherImpl;

/**
 * The cipher of a session that sleeps most of its life: keeps its key alone, and borrows the cipher of whichever thread
 * has a record to process. An engine's own would weigh as much as the rest of the session, and key itself for each
 * record all the same.
 */
final class BorrowedCipher implements TlsAEADCipherImpl {
    private final ThreadLocal<TlsAEADCipherImpl> ciphers;
    private byte[] key = {};

    /** Borrows from these, which are set up anew for each record. */
    BorrowedCipher(ThreadLocal<TlsAEADCipherImpl> ciphers) {
        this.ciphers = ciphers;
    }

    @Override
    public void setKey(byte[] bytes, int offset, int length) {
        key = Arrays.copyOfRange(bytes, offset, offset + length);
    }

    /** Begins a record; the two that follow are called by the same thread, with nothing between them. */
    @Override
    public void init(byte[] nonce, int macSize) throws IOException {
        TlsAEADCipherImpl cipher = ciphers.get();
        cipher.setKey(key, 0, key.length);
        cipher.init(nonce, macSize);
    }

    @Override
    public int getOutputSize(int inputLength) {
        return ciphers.get().getOutputSize(inputLength);
    }

    @Override
    public int doFinal(
            byte[] additionalData, byte[] input, int inputOffset, int inputLength, byte[] output, int outputOffset)
            throws IOException {
        return ciphers.get().doFinal(additionalData, input, inputOffset, inputLength, output, outputOffset);
    }
}
