package io.staplegate.probe;

import java.io.IOException;

/** A way to a server, over which a device shakes hands once. One thread. */
sealed interface Connection extends AutoCloseable permits TcpConnection, UdpConnection {
    /** Shakes hands, and returns what the server presented. */
    Presented shakeHands(Device device) throws IOException;

    /** What has gone over it. */
    Traffic traffic();

    /** Says goodbye to a server that may be gone already. */
    @Override
    void close();
}
