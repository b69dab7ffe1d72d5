package io.staplegate.app;

import io.staplegate.identity.JdkTls;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What the command line believes of an https endpoint, and shows to it; files in PEM.
 *
 * @param ca absent: what Java trusts
 * @param certificate absent: nothing is shown
 * @param key of that certificate
 */
record AdminTrust(
        @Nullable Path ca,
        @Nullable Path certificate,
        @Nullable Path key) {
    static final AdminTrust OF_JAVA = new AdminTrust(null, null, null);

    SSLContext context() throws CommandFailure {
        if ((certificate == null) != (key == null)) {
            throw new CommandFailure(Exit.USAGE, "--admin-cert and --admin-key go together", null);
        }
        try {
            return JdkTls.client(ca, certificate, key);
        } catch (IOException e) {
            throw new CommandFailure(Exit.USAGE, String.valueOf(e.getMessage()), null);
        }
    }
}
