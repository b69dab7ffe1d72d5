package io.staplegate.relay;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/**
 * One device's session with a UDP backend: a connected socket of its own, from the device's first datagram on. Owned by
 * one event loop.
 */
public final class DatagramSession {
    DatagramSession() {}

    /** One datagram from the device, which is taken over; sent at {@link #deviceSentAll} at the latest. */
    public void deviceSent(ByteBuf datagram) {
        throw new UnsupportedOperationException();
    }

    /** The device has sent all that there is for now. */
    public void deviceSentAll() {
        throw new UnsupportedOperationException();
    }

    /** The device is at another address now (R49). */
    public void deviceMoved(InetSocketAddress source) {
        throw new UnsupportedOperationException();
    }

    /** When the last datagram went either way, or the session was opened, in the event loop's nanoseconds. */
    public long lastDatagramAt() {
        throw new UnsupportedOperationException();
    }

    /** Ends the session: closes its socket, counts it, writes the access log. Once; later calls do nothing. */
    public void close(SessionEnd why) {
        throw new UnsupportedOperationException();
    }
}
