package io.staplegate.tls;

import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A token for tests: its provider signs with handles of keys, and blocks until it is let. */
final class BlockingKeys extends Provider implements AutoCloseable {
    static final CountDownLatch LET = new CountDownLatch(1);
    static final CountDownLatch ASKED = new CountDownLatch(2);

    /** What a token gives instead of a key. */
    record Handle(PrivateKey behind) implements PrivateKey {
        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public String getFormat() {
            return "none";
        }

        @Override
        public byte[] getEncoded() {
            return new byte[0];
        }
    }

    BlockingKeys() {
        super("BlockingKeys", "1", "a token for tests");
        putService(new Service(this, "Signature", "SHA256withECDSA", Signing.class.getName(), null, null) {
            @Override
            public Object newInstance(Object parameter) {
                return new Signing();
            }

            @Override
            public boolean supportsParameter(Object parameter) {
                return parameter instanceof Handle;
            }
        });
        Security.addProvider(this);
    }

    static Handle handle(KeyPair keys) {
        return new Handle(keys.getPrivate());
    }

    @Override
    public void close() {
        Security.removeProvider(getName());
    }

    private static final class Signing extends SignatureSpi {
        private @Nullable Signature signature;

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            try {
                Signature behind = Signature.getInstance("SHA256withECDSA", "SunEC");
                behind.initSign(((Handle) key).behind());
                signature = behind;
            } catch (GeneralSecurityException e) {
                throw new InvalidKeyException(e);
            }
        }

        @Override
        protected void engineUpdate(byte[] bytes, int offset, int length) throws SignatureException {
            requireNonNull(signature).update(bytes, offset, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            ASKED.countDown();
            try {
                LET.await();
            } catch (InterruptedException e) {
                throw new SignatureException(e);
            }
            return requireNonNull(signature).sign();
        }

        @Override
        protected void engineInitVerify(PublicKey key) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void engineUpdate(byte one) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected boolean engineVerify(byte[] signature) {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new InvalidParameterException();
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new InvalidParameterException();
        }
    }
}
