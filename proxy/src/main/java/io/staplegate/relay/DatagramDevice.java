package io.staplegate.relay;

import io.netty.buffer.ByteBuf;

/** A device as the relay sees it: datagrams of plaintext go to it. Used on its session's event loop only. */
public interface DatagramDevice {
    /**
     * Sends one datagram; it takes over the buffer. Nothing leaves before {@link #flush} must.
     *
     * @return false where it was dropped: too large, or the session has ended; counted by the callee
     */
    boolean send(ByteBuf datagram);

    /** Sends on its way what was given. */
    void flush();

    /** Ends the session, with a farewell that leaves with the next {@link #flush}. */
    void end(SessionEnd why);
}
