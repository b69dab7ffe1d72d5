package io.staplegate.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.tls.DatagramTransport;

/** A device's socket for tests: remembers what goes through, may get another port, and may fall silent. */
final class Line implements AutoCloseable {
    private static final int MTU = 1400;

    /** Every datagram that went out, and came in, in order. */
    final List<byte[]> sent = new ArrayList<>();

    final List<byte[]> received = new ArrayList<>();

    /** What is on its way, for as long as the line holds it back. */
    final List<byte[]> held = new ArrayList<>();

    boolean holding;

    private final InetSocketAddress server;
    private DatagramSocket socket;
    private int sendsLeft = Integer.MAX_VALUE;

    Line(InetSocketAddress server) throws IOException {
        this(server, InetAddress.getLoopbackAddress());
    }

    Line(InetSocketAddress server, InetAddress source) throws IOException {
        this.server = server;
        this.socket = new DatagramSocket(0, source);
    }

    /** Sends so many datagrams more, then ends the handshake with an exception. */
    Line fallsSilentAfter(int sends) {
        sendsLeft = sends;
        return this;
    }

    /** Another port, as from a NAT that has forgotten the former one. */
    void changePort() throws IOException {
        DatagramSocket former = socket;
        socket = new DatagramSocket(0, former.getLocalAddress());
        former.close();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Sends bytes as they are. */
    void sendRaw(byte[] datagram) throws IOException {
        socket.send(new DatagramPacket(datagram, datagram.length, server));
    }

    /** The line as the engine takes it; it stays when the engine leaves. */
    DatagramTransport transport() {
        return new DatagramTransport() {
            @Override
            public int getReceiveLimit() {
                return MTU;
            }

            @Override
            public int getSendLimit() {
                return MTU;
            }

            @Override
            public int receive(byte[] bytes, int offset, int length, int waitMillis) throws IOException {
                return Line.this.receive(bytes, offset, length, waitMillis);
            }

            @Override
            public void send(byte[] bytes, int offset, int length) throws IOException {
                Line.this.send(Arrays.copyOfRange(bytes, offset, offset + length));
            }

            @Override
            public void close() {}
        };
    }

    private void send(byte[] datagram) throws IOException {
        if (holding) {
            held.add(datagram);
            return;
        }
        if (sendsLeft-- <= 0) {
            throw new InterruptedIOException("the device has fallen silent");
        }
        sent.add(datagram);
        sendRaw(datagram);
    }

    private int receive(byte[] bytes, int offset, int length, int waitMillis) throws IOException {
        socket.setSoTimeout(waitMillis);
        DatagramPacket packet = new DatagramPacket(bytes, offset, length);
        try {
            socket.receive(packet);
        } catch (SocketTimeoutException nothing) {
            return -1;
        }
        received.add(Arrays.copyOfRange(bytes, offset, offset + packet.getLength()));
        return packet.getLength();
    }

    /** Takes everything that comes within a time, in bytes. */
    int drain(int quietMillis) throws IOException {
        byte[] bytes = new byte[65_535];
        int total = 0;
        for (int length = receive(bytes, 0, bytes.length, quietMillis);
                length >= 0;
                length = receive(bytes, 0, bytes.length, quietMillis)) {
            total += length;
        }
        return total;
    }

    @Override
    public void close() {
        socket.close();
    }
}
