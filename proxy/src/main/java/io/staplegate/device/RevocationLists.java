package io.staplegate.device;

import io.staplegate.config.Configuration;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.telemetry.Telemetry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The revocation lists (CRLs, RFC 5280 §5) of the CAs that are served, kept fresh in the background. */
public final class RevocationLists implements AutoCloseable {

    /**
     * A list whose signature has been verified.
     *
     * @param nextUpdate never null: a list without one is not kept (RFC 5280 §5.1.2.5)
     */
    public record RevocationList(byte[] der, Instant thisUpdate, Instant nextUpdate) {}

    public RevocationLists(
            Configuration configuration, ResponderClient client, InstantSource clock, Telemetry telemetry) {}

    /** Keeps the lists of these CAs from now on, and no others. */
    public void serve(List<Issuer> issuers) {}

    /**
     * The list that a CA publishes at a URL with this path, as long as it is valid. Safe on an event loop.
     *
     * @param host of the URL: decides where two CAs have the same path; else it does not matter
     */
    public @Nullable RevocationList find(@Nullable String host, String path) {
        return null;
    }

    @Override
    public void close() {}
}
