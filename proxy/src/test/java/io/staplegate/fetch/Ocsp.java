package io.staplegate.fetch;

import io.staplegate.config.OcspConfig;
import io.staplegate.config.OcspConfig.CertIdHash;
import io.staplegate.config.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The {@code ocsp} part of a configuration, as these tests need it. */
final class Ocsp {
    private Ocsp() {}

    static OcspConfig config() {
        return config(Duration.ofSeconds(15), 32, 8, 10_000, null);
    }

    static OcspConfig within(Duration timeout) {
        return config(timeout, 32, 8, 10_000, null);
    }

    static OcspConfig atMost(int inAll, int perResponder) {
        return config(Duration.ofSeconds(15), inAll, perResponder, 10_000, null);
    }

    static OcspConfig through(SocketAddress.HostPort proxy) {
        return config(Duration.ofSeconds(15), 32, 8, 10_000, proxy);
    }

    static OcspConfig atMostPerSecond(int requests, Duration timeout) {
        return config(timeout, 32, 8, requests, null);
    }

    private static OcspConfig config(
            Duration timeout, int inAll, int perResponder, int perSecond, SocketAddress.@Nullable HostPort proxy) {
        return new OcspConfig(
                CertIdHash.SHA1,
                Duration.ofSeconds(5),
                Duration.ofMinutes(5),
                Duration.ofSeconds(1),
                timeout,
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                inAll,
                perResponder,
                perSecond,
                Duration.ofSeconds(30),
                null,
                proxy,
                null);
    }
}
