package io.staplegate.relay;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Sends a datagram without content past Netty, which drops such a one, and where it is part of a batch sends another
 * one twice. The JDK drops it on a connected socket too, so that NIO sends none.
 */
final class EmptyDatagram {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(1);

    private EmptyDatagram() {}

    /** Sends it, behind what was written. */
    static void send(Channel socket) {
        socket.flush();
        if (socket instanceof EpollDatagramChannel epoll && epoll.fd() instanceof Socket descriptor) {
            try {
                descriptor.send(NOTHING, 0, 0);
            } catch (IOException e) {
                var _ = socket.pipeline().fireExceptionCaught(e);
            }
        }
    }
}
