package io.staplegate.tls;

import io.staplegate.config.ListenerConfig;
import io.staplegate.identity.Identity;
import io.staplegate.identity.ServerNames;
import io.staplegate.net.Transport;
import io.staplegate.relay.Relay;
import io.staplegate.staple.ChainStaples;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.util.function.Function;
import java.util.function.Supplier;

/** A TCP port on which devices speak TLS: accepts, limits, and assembles each connection's pipeline. */
public final class TlsListener {
    private TlsListener() {}

    /**
     * Binds the port.
     *
     * @param names the identities in force, asked at each ClientHello
     * @param staples what can be stapled for an identity now
     * @throws IOException when the address cannot be bound; the message names it
     */
    public static TlsListener open(
            ListenerConfig config,
            Supplier<ServerNames> names,
            Function<Identity, ChainStaples> staples,
            Relay relay,
            Transport transport,
            Telemetry telemetry)
            throws IOException {
        throw new IOException(String.valueOf(config) + names + staples + relay + transport + telemetry);
    }

    /** The port that is bound: of interest where the configuration said 0. */
    public int port() {
        throw new UnsupportedOperationException();
    }

    /** Connections that are open, handshakes included. */
    public int connections() {
        throw new UnsupportedOperationException();
    }

    /** Closes the port; connections live on. Blocks briefly. */
    public void stopAccepting() {
        throw new UnsupportedOperationException();
    }

    /** Ends every connection with a close_notify. */
    public void shutdown() {
        throw new UnsupportedOperationException();
    }
}
