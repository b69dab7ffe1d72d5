package io.staplegate.testing;

import io.staplegate.config.ClientAuthConfig;
import io.staplegate.config.ClientAuthConfig.Mode;
import io.staplegate.config.ClientAuthConfig.Naming;
import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.config.ClientAuthConfig.Revocation;
import io.staplegate.config.ClientAuthConfig.Source;
import io.staplegate.config.ClientAuthConfig.WithoutSource;
import io.staplegate.config.FileReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings of client authentication for tests. */
public final class ClientAuth {
    private ClientAuth() {}

    /** With files that are not there. */
    public static ClientAuthConfig of(Mode mode, Naming naming, Policy policy) {
        Path none = Path.of("none.pem");
        return of(mode, naming, policy, new FileReference("none.pem", none), null);
    }

    public static ClientAuthConfig of(
            Mode mode, Naming naming, Policy policy, FileReference anchors, @Nullable FileReference intermediates) {
        return new ClientAuthConfig(
                mode,
                anchors,
                intermediates,
                naming,
                new Revocation(
                        policy,
                        Source.CRL,
                        WithoutSource.ALLOW,
                        Duration.ofSeconds(2),
                        Duration.ZERO,
                        List.of(),
                        List.of(),
                        List.of()));
    }
}
