package io.staplegate.probe;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;

/**
 * A device's end of a DTLS session, over any transport of datagrams.
 *
 * @param presented what the server did in the handshake
 * @param records where application data goes and comes
 */
public record DtlsSession(Presented presented, DTLSTransport records) implements AutoCloseable {
    /**
     * Shakes hands; lost datagrams are sent again. Blocks: made for virtual threads.
     *
     * @param transport is closed where the handshake fails
     * @param timeout for the whole handshake; zero: none
     * @throws IOException where the handshake has failed; the alert, if any, has been sent
     */
    public static DtlsSession begin(Device device, DatagramTransport transport, Duration timeout) throws IOException {
        DevicePeer peer = new DevicePeer(device, timeout);
        DTLSTransport records = new DTLSClientProtocol().connect(peer, transport);
        return new DtlsSession(Objects.requireNonNull(peer.presented(), "the handshake is over"), records);
    }

    /** Says goodbye, and closes the transport. */
    @Override
    public void close() {
        try {
            records.close();
        } catch (IOException e) {
            // the server's sessions end without, in the end
        }
    }
}
