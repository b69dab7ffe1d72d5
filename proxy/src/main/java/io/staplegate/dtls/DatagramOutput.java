package io.staplegate.dtls;

/** Where an engine's datagrams go. Called by the thread that drives the engine. */
interface DatagramOutput {
    /** One datagram, whole. The bytes are the receiver's from now on. */
    void send(byte[] datagram);

    /** No more follow for now. */
    void flush();
}
