package io.staplegate.dtls;

import java.util.Arrays;
import org.bouncycastle.tls.crypto.TlsHMAC;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

/** The crypto of cookies: HMACs cut to 16 bytes (RFC 4868), so that each ClientHello is 16 bytes shorter (R52). */
final class CookieCrypto extends JcaTlsCrypto {
    static final int COOKIE_LENGTH = 16;

    CookieCrypto(JcaTlsCrypto crypto) {
        super(crypto.getHelper(), crypto.getSecureRandom(), crypto.getSecureRandom());
    }

    @Override
    public TlsHMAC createHMAC(int algorithm) {
        return new Truncated(super.createHMAC(algorithm));
    }

    private record Truncated(TlsHMAC whole) implements TlsHMAC {
        @Override
        public void setKey(byte[] key, int offset, int length) {
            whole.setKey(key, offset, length);
        }

        @Override
        public void update(byte[] input, int offset, int length) {
            whole.update(input, offset, length);
        }

        @Override
        public byte[] calculateMAC() {
            return Arrays.copyOf(whole.calculateMAC(), COOKIE_LENGTH);
        }

        @Override
        public void calculateMAC(byte[] output, int offset) {
            System.arraycopy(calculateMAC(), 0, output, offset, COOKIE_LENGTH);
        }

        @Override
        public int getMacLength() {
            return COOKIE_LENGTH;
        }

        @Override
        public int getInternalBlockSize() {
            return whole.getInternalBlockSize();
        }

        @Override
        public void reset() {
            whole.reset();
        }
    }
}
