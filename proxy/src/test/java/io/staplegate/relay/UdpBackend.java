package io.staplegate.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.staplegate.config.SocketAddress.HostPort;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** A backend on a real UDP socket, whose part a test plays. */
final class UdpBackend implements AutoCloseable {
    /** One datagram, and where it came from. */
    record Received(byte[] bytes, InetSocketAddress source) {
        String text() {
            return new String(bytes, UTF_8);
        }
    }

    private final DatagramSocket socket;

    UdpBackend() throws IOException {
        this(0);
    }

    UdpBackend(int port) throws IOException {
        this(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    }

    UdpBackend(InetSocketAddress address) throws IOException {
        socket = new DatagramSocket(address);
        socket.setSoTimeout(10_000);
    }

    /** An address of loopback on which nobody listens: the kernel refuses what comes. */
    static HostPort nobody() throws IOException {
        try (UdpBackend closed = new UdpBackend()) {
            return closed.address();
        }
    }

    HostPort address() {
        return new HostPort(socket.getLocalAddress().getHostAddress(), socket.getLocalPort());
    }

    Received receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[70_000], 70_000);
        socket.receive(packet);
        return new Received(
                Arrays.copyOf(packet.getData(), packet.getLength()), (InetSocketAddress) packet.getSocketAddress());
    }

    void send(String datagram, InetSocketAddress destination) throws IOException {
        send(datagram.getBytes(UTF_8), destination);
    }

    void send(byte[] datagram, InetSocketAddress destination) throws IOException {
        socket.send(new DatagramPacket(datagram, datagram.length, destination));
    }

    @Override
    public void close() {
        socket.close();
    }
}
