package io.staplegate.handshake;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import org.bouncycastle.jcajce.util.ProviderJcaJceHelper;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cryptography under the TLS engine: Amazon Corretto Crypto Provider where it loads, Bouncy Castle beneath. */
public final class CryptoProvider {
    private static final Logger LOG = LoggerFactory.getLogger(CryptoProvider.class);

    private CryptoProvider() {}

    /** A crypto for the engine; safe to share between handshakes and threads. No provider is installed globally. */
    public static JcaTlsCrypto crypto() {
        return Fastest.CRYPTO;
    }

    /** The crypto of platforms for which Corretto has no build; to measure against, and to test with. */
    public static JcaTlsCrypto bouncyCastleAlone() {
        return new EngineCrypto(new ProviderJcaJceHelper(new BouncyCastleProvider()), new SecureRandom());
    }

    private static JcaTlsCrypto fastest() {
        Provider corretto = corretto();
        if (corretto == null) {
            return bouncyCastleAlone();
        }
        try {
            SecureRandom random = SecureRandom.getInstance("LibCryptoRng", corretto);
            return new EngineCrypto(new ProviderChain(corretto, new BouncyCastleProvider()), random);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Corretto has a random generator: " + corretto, e);
        }
    }

    /** The classes may be missing (no jar for this platform), and the library in the jar may not load. */
    private static @Nullable Provider corretto() {
        Throwable cause;
        try {
            cause = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
            if (cause == null) {
                return AmazonCorrettoCryptoProvider.INSTANCE;
            }
        } catch (LinkageError e) {
            cause = e;
        }
        LOG.atInfo()
                .addKeyValue("cause", String.valueOf(cause.getMessage()))
                .log("Corretto Crypto Provider does not load here: handshakes take about four times the CPU");
        return null;
    }

    private static final class Fastest {
        static final JcaTlsCrypto CRYPTO = fastest();
    }
}
