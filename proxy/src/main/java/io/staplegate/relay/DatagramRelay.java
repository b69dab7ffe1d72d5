package io.staplegate.relay;

import io.netty.channel.EventLoop;
import io.staplegate.config.BackendConfig;
import io.staplegate.config.ListenerConfig;
import io.staplegate.net.Transport;
import io.staplegate.telemetry.Telemetry;

/** One listener's way to its UDP backend: makes the session behind each device's DTLS session. */
public final class DatagramRelay {
    public DatagramRelay(
            ListenerConfig listener,
            BackendConfig backend,
            Transport transport,
            AccessLog accessLog,
            Telemetry telemetry) {}

    /**
     * Opens a session when its handshake is over; nothing goes to the backend before the device's first datagram.
     *
     * @param facts what the handshake told
     * @param eventLoop owns the session and its backend socket; the caller's thread
     * @param device takes what the backend sends
     */
    public DatagramSession open(SessionFacts facts, EventLoop eventLoop, DatagramDevice device) {
        throw new UnsupportedOperationException();
    }
}
