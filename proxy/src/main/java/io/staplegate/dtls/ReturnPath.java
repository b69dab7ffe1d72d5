package io.staplegate.dtls;

import java.net.InetSocketAddress;

/** The way back to a device: the socket of its event loop, and the address that it was last at. */
final class ReturnPath implements DatagramOutput {
    private final LoopSocket socket;
    private InetSocketAddress address;

    ReturnPath(LoopSocket socket, InetSocketAddress address) {
        this.socket = socket;
        this.address = address;
    }

    InetSocketAddress address() {
        return address;
    }

    /** From here on, the device is elsewhere. On the event loop, when the handshake is over. */
    void moveTo(InetSocketAddress other) {
        address = other;
    }

    @Override
    public void send(byte[] datagram) {
        socket.write(datagram, address);
    }

    @Override
    public void flush() {
        socket.flush();
    }
}
