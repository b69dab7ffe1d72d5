package io.staplegate.fetch;

import io.staplegate.config.OcspConfig;
import io.staplegate.telemetry.Telemetry;
import java.net.URI;

/** Asks OCSP responders over HTTP, at most so many at a time in all and each. Safe for use by any virtual thread. */
public final class ResponderClient implements AutoCloseable {
    public ResponderClient(OcspConfig config, Telemetry telemetry) {
        throw new UnsupportedOperationException(String.valueOf(config));
    }

    /**
     * Asks one responder: by GET where the whole URL has at most 255 bytes, else by POST (R18), and the other way when
     * the first is refused with a 4xx. Waits for a free place, then for at most {@code ocsp.timeout}. Blocks.
     */
    public Fetched fetch(URI responder, byte[] request) throws InterruptedException {
        throw new UnsupportedOperationException(responder + " " + request.length);
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
