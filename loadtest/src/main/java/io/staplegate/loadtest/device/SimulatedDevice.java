package io.staplegate.loadtest.device;

import io.staplegate.probe.Device;
import io.staplegate.probe.DtlsSession;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.UDPTransport;

/** A device that has shaken hands. Blocks: made for virtual threads; one at a time. */
public final class SimulatedDevice implements AutoCloseable {
    /** Ethernet's. */
    private static final int MTU = 1500;

    private final DatagramSocket socket;
    private final DTLSTransport records;

    private SimulatedDevice(DatagramSocket socket, DTLSTransport records) {
        this.socket = socket;
        this.records = records;
    }

    /**
     * Shakes hands in full, from a free port.
     *
     * @param source an address of this machine
     * @param limit for the whole handshake
     */
    public static SimulatedDevice connect(InetAddress source, InetSocketAddress server, Duration limit)
            throws IOException {
        return connect(Device.overDtls(), source, server, limit);
    }

    /** The same as another device, which speaks DTLS. */
    public static SimulatedDevice connect(Device device, InetAddress source, InetSocketAddress server, Duration limit)
            throws IOException {
        DatagramSocket socket = new DatagramSocket(0, source);
        try {
            socket.connect(server);
            DtlsSession session = DtlsSession.begin(device, new UDPTransport(socket, MTU), limit);
            return new SimulatedDevice(socket, session.records());
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Where it is. */
    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Sends a datagram, and waits until the same comes back. */
    public void exchange(byte[] datagram, Duration limit) throws IOException {
        records.send(datagram, 0, datagram.length);
        byte[] answer = receive(limit);
        if (!Arrays.equals(datagram, answer)) {
            throw new IOException("another answer than what was sent: " + answer.length + " bytes");
        }
    }

    /** Waits for a datagram. */
    public byte[] receive(Duration limit) throws IOException {
        byte[] datagram = new byte[records.getReceiveLimit()];
        int length = records.receive(datagram, 0, datagram.length, Math.toIntExact(limit.toMillis()));
        if (length < 0) {
            throw new SocketTimeoutException("no answer within " + limit.toMillis() + " ms");
        }
        return Arrays.copyOf(datagram, length);
    }

    /** It is gone, and has told nobody. */
    @Override
    public void close() {
        socket.close();
    }
}
