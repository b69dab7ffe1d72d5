package io.staplegate.identity;

import io.staplegate.config.Configuration;
import io.staplegate.config.Problem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every identity of a configuration, loaded and validated as a whole. Immutable. */
public final class IdentityTable {
    private IdentityTable() {}

    /**
     * What came of loading.
     *
     * @param table null where there is any error
     * @param problems every error and warning, in the order of the configuration
     */
    public record Loading(@Nullable IdentityTable table, List<Problem> problems) {}

    /** Reads and checks every certificate and key that the configuration names. */
    public static Loading load(Configuration configuration, Instant now) {
        throw new UnsupportedOperationException(configuration + " " + now);
    }

    public List<Identity> identities() {
        throw new UnsupportedOperationException();
    }

    /** The identities of one listener, by server name. */
    public ServerNames names(String listener) {
        throw new UnsupportedOperationException(listener);
    }

    /** Every file that this table was read from: what to watch. */
    public Set<Path> files() {
        throw new UnsupportedOperationException();
    }
}
