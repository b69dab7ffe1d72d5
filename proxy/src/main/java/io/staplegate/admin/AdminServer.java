package io.staplegate.admin;

import io.staplegate.config.SocketAddress;
import io.staplegate.net.Transport;
import io.staplegate.staple.Staples;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** The operator's HTTP endpoint. */
public final class AdminServer implements AutoCloseable {
    private AdminServer() {}

    /**
     * Binds the endpoint.
     *
     * @param ready what {@code /readyz} answers
     * @throws IOException when the address cannot be bound; the message names it
     */
    public static AdminServer open(
            SocketAddress.HostPort bind,
            Staples staples,
            BooleanSupplier ready,
            Transport transport,
            Telemetry telemetry)
            throws IOException {
        throw new IOException(String.valueOf(bind) + staples + ready + transport + telemetry);
    }

    /** The port that is bound: of interest where the configuration said 0. */
    public int port() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
