package io.staplegate.handshake;

import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

/** The cryptography under the TLS engine: Amazon Corretto Crypto Provider where it loads, Bouncy Castle beneath. */
public final class CryptoProvider {
    private CryptoProvider() {}

    /** A crypto for the engine; safe to share between handshakes and threads. */
    public static JcaTlsCrypto crypto() {
        throw new UnsupportedOperationException();
    }
}
