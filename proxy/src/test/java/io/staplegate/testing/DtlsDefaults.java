package io.staplegate.testing;

import io.staplegate.config.DtlsConfig;
import java.time.Duration;

/** What {@code dtls} of a listener is where its file says nothing, for tests that make a listener without a file. */
public final class DtlsDefaults {
    public static final DtlsConfig DTLS =
            new DtlsConfig(1232, Duration.ofSeconds(1), 6, false, 10_000, 1_000, false, null, null);

    private DtlsDefaults() {}
}
