package io.staplegate.staple;

import io.staplegate.config.Configuration;
import io.staplegate.identity.Identity;
import io.staplegate.identity.IdentityTable;
import io.staplegate.telemetry.Telemetry;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The room's front door: the staples of every identity, kept fresh in the background. */
public final class Staples implements AutoCloseable {
    /** Makes the room; nothing runs before {@link #start}. */
    public Staples(Configuration configuration, InstantSource clock, Telemetry telemetry) {
        throw new UnsupportedOperationException(String.valueOf(configuration));
    }

    /**
     * Loads what the disk has, starts refreshing, and waits for the first staples: briefly for {@code auto}, up to
     * {@code ocsp.startTimeout} for {@code must}.
     */
    public void start(IdentityTable table) throws InterruptedException {
        throw new UnsupportedOperationException(String.valueOf(table.files()));
    }

    /** Serves another table from now on; staples of certificates that remain are kept. */
    public void retarget(IdentityTable table) {
        throw new UnsupportedOperationException(String.valueOf(table.files()));
    }

    /** What can be stapled for an identity now: never anything that has expired. Safe and fast on an event loop. */
    public ChainStaples current(Identity identity) {
        throw new UnsupportedOperationException(identity.name());
    }

    /**
     * Fetches now, and returns when that has ended. Blocks.
     *
     * @param identity null: all of them
     * @return whether the identity exists
     */
    public boolean refresh(@Nullable String identity) throws InterruptedException {
        throw new UnsupportedOperationException(identity);
    }

    /** One row for each certificate of each identity's chain but the root. */
    public List<StapleView> view() {
        throw new UnsupportedOperationException();
    }

    /** Whether every {@code must} identity has a valid staple. */
    public boolean ready() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
