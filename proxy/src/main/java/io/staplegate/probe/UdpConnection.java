package io.staplegate.probe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A socket of UDP, and a DTLS session over it. */
final class UdpConnection implements Connection {
    private final UdpTransport transport;
    private final Duration timeout;
    private @Nullable DtlsSession session;

    /** Sends nothing yet. {@code timeout}: for the handshake; half of it for the first answer. */
    UdpConnection(InetSocketAddress server, Duration timeout) throws IOException {
        this.transport = new UdpTransport(server, timeout.dividedBy(2));
        this.timeout = timeout;
    }

    @Override
    public Presented shakeHands(Device device) throws IOException {
        session = DtlsSession.begin(device, transport, timeout);
        return session.presented();
    }

    @Override
    public Traffic traffic() {
        return transport.traffic();
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
        }
        transport.close();
    }
}
