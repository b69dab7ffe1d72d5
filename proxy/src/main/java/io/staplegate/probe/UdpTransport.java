package io.staplegate.probe;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.bouncycastle.tls.DatagramTransport;

/** The engine's way to one UDP port, which must not be silent for too long. One thread. */
final class UdpTransport implements DatagramTransport, AutoCloseable {
    /** A record of the greatest length (RFC 6347 §4.1), in bytes. */
    private static final int RECEIVE_LIMIT = (1 << 14) + 2048 + 13;

    /** What every IPv6 path takes: 1280 bytes with the headers. */
    private static final int SEND_LIMIT = 1232;

    private final DatagramSocket socket;
    private final Duration patience;
    private final long begin = System.nanoTime();
    private Traffic traffic = Traffic.NONE;

    /** Chooses a port of its own. {@code patience}: for the first answer. */
    UdpTransport(InetSocketAddress server, Duration patience) throws IOException {
        this.patience = patience;
        this.socket = new DatagramSocket();
        try {
            socket.connect(server);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    Traffic traffic() {
        return traffic;
    }

    @Override
    public int getReceiveLimit() {
        return RECEIVE_LIMIT;
    }

    @Override
    public int getSendLimit() {
        return SEND_LIMIT;
    }

    @Override
    public void send(byte[] bytes, int offset, int length) throws IOException {
        socket.send(new DatagramPacket(bytes, offset, length));
        traffic = traffic.datagramSent(length);
    }

    @Override
    public int receive(byte[] bytes, int offset, int length, int waitMillis) throws IOException {
        DatagramPacket datagram = new DatagramPacket(bytes, offset, length);
        socket.setSoTimeout(Math.min(waitMillis, untilImpatient()));
        try {
            socket.receive(datagram);
        } catch (SocketTimeoutException e) {
            return -1;
        }
        traffic = traffic.datagramReceived(datagram.getLength());
        return datagram.getLength();
    }

    private int untilImpatient() throws IOException {
        if (traffic.datagramsReceived() > 0) {
            return Integer.MAX_VALUE;
        }
        Duration left = patience.minusNanos(System.nanoTime() - begin);
        if (!left.isPositive()) {
            throw new HandshakeFailure(
                    "no answer within " + patience.toMillis()
                            + " ms: a wrong UDP port or a firewall may look like this",
                    traffic,
                    null);
        }
        return Math.toIntExact(Math.max(1, left.toMillis()));
    }

    @Override
    public void close() {
        socket.close();
    }
}
