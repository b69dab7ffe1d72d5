package io.staplegate.dtls;

import io.staplegate.config.ListenerConfig;
import io.staplegate.handshake.Handshakes;
import io.staplegate.net.Transport;
import io.staplegate.relay.DatagramRelay;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.time.Duration;

/** A UDP port on which devices speak DTLS: one socket for each event loop, and the sessions that each owns. */
public final class DtlsListener {
    private DtlsListener() {}

    /**
     * Binds the port. Datagrams wait in the kernel's queue, or are dropped there, until {@link #serve}.
     *
     * @param handshakes says who the proxy is and what it staples; {@link Handshakes#overDtls}
     * @param relay takes each session's datagrams to its backend
     * @throws IOException when the address cannot be bound; the message names it
     */
    public static DtlsListener open(
            ListenerConfig config, Handshakes handshakes, DatagramRelay relay, Transport transport, Telemetry telemetry)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Begins to read. */
    public void serve() {
        throw new UnsupportedOperationException();
    }

    /** The port that is bound: of interest where the configuration said 0. */
    public int port() {
        throw new UnsupportedOperationException();
    }

    /** Sessions that are open; handshakes are not among them. */
    public int sessions() {
        throw new UnsupportedOperationException();
    }

    /** Begins no handshake any more; sessions live on. */
    public void stopAccepting() {
        throw new UnsupportedOperationException();
    }

    /**
     * Ends every session with a close_notify and every handshake without a word, waits until they have left, but not for
     * longer than this, and closes the port.
     */
    public void shutdown(Duration limit) throws InterruptedException {
        throw new UnsupportedOperationException();
    }
}
