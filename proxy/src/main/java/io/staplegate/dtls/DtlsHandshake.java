package io.staplegate.dtls;

import io.staplegate.handshake.ServerPeer;
import java.io.IOException;
import org.bouncycastle.tls.DTLSRequest;

/**
 * One device's handshake, from its verified ClientHello on. {@link #run} blocks on a virtual thread; everything else may
 * be called by any.
 */
final class DtlsHandshake {
    /**
     * A handshake that has not begun.
     *
     * @param mtu the largest datagram to send, in bytes
     */
    DtlsHandshake(ServerPeer peer, DTLSRequest request, int mtu, DatagramOutput output) {}

    /**
     * Runs it to its end.
     *
     * @return the engine of the session; it has the datagrams that came behind the handshake
     * @throws IOException where it failed; the alert, if any, has been sent
     */
    DtlsEngine run() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** A datagram from the device, which is the callee's from now on; false where there are too many and it is dropped. */
    boolean offer(byte[] datagram) {
        throw new UnsupportedOperationException();
    }

    /** Ends it without a word: {@link #run} throws soon. */
    void abandon() {
        throw new UnsupportedOperationException();
    }
}
