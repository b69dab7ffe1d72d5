package io.staplegate.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Amazon Corretto Crypto Provider where it loads, and Bouncy Castle. The first use of each takes its time. */
public final class Providers {
    private static final Logger LOG = LoggerFactory.getLogger(Providers.class);

    private Providers() {}

    /** Native code; empty on platforms for which Corretto has no build. */
    public static Optional<Provider> corretto() {
        return Corretto.PROVIDER;
    }

    /** What has every algorithm and curve, in Java. */
    public static Provider bouncyCastle() {
        return BouncyCastle.PROVIDER;
    }

    /**
     * Who verifies signatures, in the order to be asked: the next one where one lacks the algorithm or the curve.
     * Bouncy Castle alone keeps a start waiting, since its Java is not compiled then.
     */
    public static List<Provider> verifying() {
        return Verifying.PROVIDERS;
    }

    /** The classes may be missing (no jar for this platform), and the library in the jar may not load. */
    private static Optional<Provider> load() {
        Throwable cause;
        try {
            cause = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
            if (cause == null) {
                return Optional.of(AmazonCorrettoCryptoProvider.INSTANCE);
            }
        } catch (LinkageError e) {
            cause = e;
        }
        LOG.atInfo()
                .addKeyValue("cause", String.valueOf(cause.getMessage()))
                .log("Corretto Crypto Provider does not load here: handshakes take about four times the CPU");
        return Optional.empty();
    }

    private static final class Corretto {
        static final Optional<Provider> PROVIDER = load();
    }

    private static final class BouncyCastle {
        static final Provider PROVIDER = new BouncyCastleProvider();
    }

    private static final class Verifying {
        static final List<Provider> PROVIDERS =
                Stream.concat(corretto().stream(), Stream.of(bouncyCastle())).toList();
    }
}
