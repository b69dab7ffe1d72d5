package io.staplegate.interop;

import io.staplegate.handshake.CryptoProvider;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsUtils;

/** A device at an address of its own that begins a handshake, and is never heard of again. */
final class VanishingDevice implements AutoCloseable {
    private static final int MAX_DATAGRAM_BYTES = 2048;

    private final DatagramSocket socket;
    private final List<Integer> sent = new ArrayList<>();

    private VanishingDevice(DatagramSocket socket) {
        this.socket = socket;
    }

    /**
     * Sends the first datagrams of a handshake.
     *
     * @param source one of the addresses of loopback
     * @param datagrams 1: a ClientHello without a cookie; 2: then one with it
     */
    static VanishingDevice from(InetAddress source, int proxyPort, int datagrams) throws IOException {
        VanishingDevice device = new VanishingDevice(new DatagramSocket(0, source));
        device.socket.connect(InetAddress.getLoopbackAddress(), proxyPort);
        try {
            new DTLSClientProtocol().connect(new Client(), device.new Lifeline(datagrams));
            throw new IllegalStateException("completed a handshake of " + datagrams + " datagrams");
        } catch (IOException e) {
            return device; // it vanished, as it should
        }
    }

    /** Sizes of what it sent, in bytes. */
    List<Integer> sent() {
        return sent;
    }

    /** Sizes of the datagrams that came since it vanished, in bytes. */
    List<Integer> received() throws IOException {
        socket.setSoTimeout(1);
        List<Integer> sizes = new ArrayList<>();
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM_BYTES], MAX_DATAGRAM_BYTES);
                socket.receive(packet);
                sizes.add(packet.getLength());
            }
        } catch (SocketTimeoutException e) {
            return sizes;
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    /** Its socket, until so many datagrams have left. */
    private final class Lifeline implements DatagramTransport {
        private final int datagrams;

        Lifeline(int datagrams) {
            this.datagrams = datagrams;
        }

        @Override
        public void send(byte[] buffer, int offset, int length) throws IOException {
            if (sent.size() < datagrams) {
                sent.add(length);
                socket.send(new DatagramPacket(buffer, offset, length));
            }
        }

        @Override
        public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
            if (sent.size() == datagrams) {
                throw new IOException("vanished");
            }
            socket.setSoTimeout(waitMillis);
            DatagramPacket packet = new DatagramPacket(buffer, offset, length);
            try {
                socket.receive(packet);
                return packet.getLength();
            } catch (SocketTimeoutException e) {
                return -1;
            }
        }

        @Override
        public int getReceiveLimit() {
            return MAX_DATAGRAM_BYTES;
        }

        @Override
        public int getSendLimit() {
            return MAX_DATAGRAM_BYTES;
        }

        @Override
        public void close() {}
    }

    private static final class Client extends DefaultTlsClient {
        Client() {
            super(CryptoProvider.crypto());
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.DTLSv12.only();
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return TlsUtils.getSupportedCipherSuites(getCrypto(), super.getSupportedCipherSuites());
        }

        @Override
        public TlsAuthentication getAuthentication() {
            throw new IllegalStateException("it vanished before the proxy's certificate could come");
        }
    }
}
