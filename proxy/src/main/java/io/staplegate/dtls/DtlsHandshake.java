package io.staplegate.dtls;

import io.staplegate.dtls.CookieGate.Verified;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsServer;

/**
 * One device's handshake, from its verified ClientHello on. {@link #run} blocks on a virtual thread; everything else
 * may be called by any.
 */
final class DtlsHandshake {
    private final TlsServer peer;
    private final DTLSRequest request;
    private final HandshakeInput input;
    private final FlightTransport link;

    /**
     * A handshake that has not begun.
     *
     * @param mtu the largest datagram to send, in bytes
     */
    DtlsHandshake(TlsServer peer, Verified hello, int mtu, DatagramOutput output) {
        this.peer = peer;
        this.request = hello.request();
        this.input = new HandshakeInput(new PlaintextGuard(hello.recordSequence(), hello.messageSequence()));
        this.link = new FlightTransport(mtu, hello.recordSequence(), input, output);
    }

    /**
     * Runs it to its end.
     *
     * @return the engine of the session; it has the datagrams that came behind the handshake
     * @throws IOException where it failed; the alert, if any, has been sent
     */
    DtlsEngine run() throws IOException {
        DTLSTransport session = new DTLSServerProtocol().accept(peer, link, request);
        link.sendFlight();
        if (input.isAbandoned()) {
            throw new InterruptedIOException("the handshake was abandoned");
        }
        return new DtlsEngine(session, link, input);
    }

    /** A datagram from the device, which is the callee's from now on; false where too much waits and it is dropped. */
    boolean offer(byte[] datagram) {
        return input.offer(datagram);
    }

    /** Ends it without a word: {@link #run} throws soon. */
    void abandon() {
        input.abandon();
    }
}
