package io.staplegate.handshake;

import io.staplegate.crypto.Providers;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import org.bouncycastle.jcajce.util.ProviderJcaJceHelper;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

/** The cryptography under the TLS engine: Amazon Corretto Crypto Provider where it loads, Bouncy Castle beneath. */
public final class CryptoProvider {
    private CryptoProvider() {}

    /** A crypto for the engine; safe to share between handshakes and threads. No provider is installed globally. */
    public static JcaTlsCrypto crypto() {
        return Fastest.CRYPTO;
    }

    /** The crypto of platforms for which Corretto has no build; to measure against, and to test with. */
    public static JcaTlsCrypto bouncyCastleAlone() {
        return new EngineCrypto(new ProviderJcaJceHelper(Providers.bouncyCastle()), new SecureRandom());
    }

    private static JcaTlsCrypto fastest() {
        return Providers.corretto().map(CryptoProvider::over).orElseGet(CryptoProvider::bouncyCastleAlone);
    }

    private static JcaTlsCrypto over(Provider corretto) {
        try {
            SecureRandom random = SecureRandom.getInstance("LibCryptoRng", corretto);
            return new EngineCrypto(new ProviderChain(corretto, Providers.bouncyCastle()), random);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Corretto has a random generator: " + corretto, e);
        }
    }

    private static final class Fastest {
        static final JcaTlsCrypto CRYPTO = fastest();
    }
}
