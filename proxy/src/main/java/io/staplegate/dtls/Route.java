package io.staplegate.dtls;

import java.net.InetSocketAddress;

/** What a device's datagrams go to: its handshake, then its session. Owned by an event loop. */
sealed interface Route permits PendingHandshake, DeviceSession {
    /** Takes one datagram, of which the bytes are only good during the call, and may be overwritten. */
    void receive(InetSocketAddress source, byte[] bytes, int length);
}
