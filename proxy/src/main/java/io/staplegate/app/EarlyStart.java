package io.staplegate.app;

import io.staplegate.handshake.CryptoProvider;
import io.staplegate.net.Transport;
import java.net.http.HttpClient;

/**
 * What takes time at a start and depends on no configuration: native libraries, with their self-tests, and the HTTP
 * client. It is begun on a second core while the first one reads the files. Whoever needs a part waits for that part
 * where it is not ready, as the JVM does for any class; a failure shows there.
 */
final class EarlyStart {
    private EarlyStart() {}

    static void begin() {
        Thread.ofPlatform().daemon().name("early-start").start(() -> {
            var _ = CryptoProvider.crypto();
            var _ = Transport.Kind.best();
            HttpClient.newHttpClient().close();
        });
    }
}
