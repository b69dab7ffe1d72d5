package io.staplegate.loadtest.device;

import io.staplegate.probe.Device;
import io.staplegate.probe.DtlsSession;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.bouncycastle.tls.UDPTransport;

/**
 * A device that begins handshakes and ends none, and counts what that brings it. Blocks: made for virtual threads; one
 * at a time.
 */
public final class FallingSilent implements AutoCloseable {
    private static final int MTU = 1500;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final DatagramSocket socket;
    private long bytesSent;
    private long bytesReceived;

    /** A device that has said nothing yet, at the address of a number. */
    public FallingSilent(int number, InetSocketAddress server) throws IOException {
        socket = new DatagramSocket(0, LoopbackAddresses.of(number));
        socket.connect(server);
    }

    /** Says a ClientHello, which has no cookie; does not wait for an answer. */
    public void sayHello() throws IOException {
        begin(0);
    }

    /** Says a ClientHello, and says it again with the cookie that it gets. Returns whether it got one. */
    public boolean echoCookie() throws IOException {
        return begin(1);
    }

    /** Takes what still comes, until nothing has come for so long. */
    public void listen(Duration quiet) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[MTU], MTU);
        socket.setSoTimeout(Math.toIntExact(quiet.toMillis()));
        try {
            while (true) {
                packet.setLength(MTU);
                socket.receive(packet);
                bytesReceived += packet.getLength();
            }
        } catch (SocketTimeoutException e) {
            // quiet
        }
    }

    public long bytesSent() {
        return bytesSent;
    }

    public long bytesReceived() {
        return bytesReceived;
    }

    @Override
    public void close() {
        socket.close();
    }

    /** Begins a handshake, and falls silent with its answer to so many flights. Returns whether it got that far. */
    private boolean begin(int flights) throws IOException {
        Transport transport = new Transport(flights);
        try {
            DtlsSession.begin(Device.overDtls(), transport, LIMIT).close();
        } catch (IOException e) {
            if (!transport.silent) {
                return false;
            }
        }
        return true;
    }

    /** Its socket, as far as the engine has it. */
    private final class Transport extends UDPTransport {
        private int flightsLeft;
        private boolean silent;

        Transport(int flights) throws IOException {
            super(FallingSilent.this.socket, MTU);
            flightsLeft = flights;
        }

        @Override
        public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
            int received = super.receive(buffer, offset, length, waitMillis);
            bytesReceived += received;
            flightsLeft--;
            return received;
        }

        @Override
        public void send(byte[] buffer, int offset, int length) throws IOException {
            if (silent) {
                return; // the engine's alert
            }
            super.send(buffer, offset, length);
            bytesSent += length;
            if (flightsLeft == 0) {
                silent = true;
                throw new InterruptedIOException("nothing more to say");
            }
        }

        @Override
        public void close() {
            // the next handshake begins on the same socket
        }
    }
}
