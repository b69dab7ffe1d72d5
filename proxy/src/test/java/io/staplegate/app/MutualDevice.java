package io.staplegate.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.staplegate.handshake.DeviceCredentials;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Locale;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.UDPTransport;
import org.jspecify.annotations.Nullable;

/** A device that is asked for its certificate: the engine's own client on a socket, from its handshake on. */
final class MutualDevice implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int MTU = 1500;

    private final MutualPeer peer;
    private final @Nullable Link link;

    /** What devices speak. */
    enum Protocol {
        TLS12(ProtocolVersion.TLSv12),
        TLS13(ProtocolVersion.TLSv13),
        DTLS(ProtocolVersion.DTLSv12);

        @SuppressWarnings("ImmutableEnumChecker") // a version is immutable, and does not say so
        private final ProtocolVersion version;

        Protocol(ProtocolVersion version) {
            this.version = version;
        }

        /** Its name to people. */
        String title() {
            return version.getName();
        }

        boolean isDatagrams() {
            return version.isDTLS();
        }
    }

    /** What carries a session's bytes. */
    private interface Link {
        void send(byte[] bytes) throws IOException;

        /** The next bytes; none where the session has ended, or nothing came in time. */
        byte[] receive() throws IOException;

        void close() throws IOException;
    }

    private MutualDevice(MutualPeer peer, @Nullable Link link) {
        this.peer = peer;
        this.link = link;
    }

    /**
     * Shakes hands with whoever listens on a port of loopback; it may be refused.
     *
     * @param server the certificate that is expected of it
     * @param own null: the device has no certificate
     */
    static MutualDevice connect(Protocol protocol, int port, X509Certificate server, @Nullable DeviceCredentials own) {
        return connect(port, new MutualPeer(protocol.version, server, own, null));
    }

    /** Comes again as the same device, and asks for its session to be resumed. */
    MutualDevice again(int port) {
        return connect(port, peer.again());
    }

    private static MutualDevice connect(int port, MutualPeer peer) {
        try {
            return new MutualDevice(peer, peer.isDatagrams() ? new Datagrams(port, peer) : new Stream(port, peer));
        } catch (IOException e) {
            return new MutualDevice(peer, null);
        }
    }

    /** Whether its handshake came to its end, as the device sees it. */
    boolean isConnected() {
        return link != null;
    }

    boolean isResumed() {
        return peer.isResumed();
    }

    /** The session that it could resume; null where there is none. */
    @Nullable
    TlsSession session() {
        return peer.finished();
    }

    /** Sends something; that may be in vain. */
    void send(String text) {
        try {
            if (link != null) {
                link.send(text.getBytes(UTF_8));
            }
        } catch (IOException e) {
            // an alert says why
        }
    }

    /** What comes, until it is as long as this text, or the session ends. */
    String receive(int length) {
        StringBuilder received = new StringBuilder();
        try {
            while (link != null && received.length() < length) {
                byte[] bytes = link.receive();
                if (bytes.length == 0) {
                    break;
                }
                received.append(new String(bytes, UTF_8));
            }
        } catch (IOException e) {
            // the same
        }
        return received.toString();
    }

    /** Sends something, and returns what comes back: nothing where the session ends. */
    String echo(String text) {
        send(text);
        return receive(text.length());
    }

    /** Listens until the session ends, and says by which fatal alert. */
    String alert() {
        receive(Integer.MAX_VALUE);
        int alert = peer.alert();
        return alert < 0 ? "no alert" : AlertDescription.getName((short) alert).toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        try {
            if (link != null) {
                link.close();
            }
        } catch (IOException e) {
            // the proxy has closed before
        }
    }

    private static final class Stream implements Link {
        private final Socket socket;
        private final TlsClientProtocol engine;

        Stream(int port, MutualPeer peer) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
            engine = new TlsClientProtocol(socket.getInputStream(), socket.getOutputStream());
            try {
                engine.connect(peer);
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }

        @Override
        public void send(byte[] bytes) throws IOException {
            engine.getOutputStream().write(bytes);
        }

        @Override
        public byte[] receive() throws IOException {
            byte[] bytes = new byte[MTU];
            int length = engine.getInputStream().read(bytes);
            return Arrays.copyOf(bytes, Math.max(0, length));
        }

        @Override
        public void close() throws IOException {
            try (socket) {
                engine.close();
            }
        }
    }

    private static final class Datagrams implements Link {
        private final DatagramSocket socket;
        private final DTLSTransport engine;

        Datagrams(int port, MutualPeer peer) throws IOException {
            socket = new DatagramSocket();
            socket.connect(InetAddress.getLoopbackAddress(), port);
            try {
                engine = new DTLSClientProtocol().connect(peer, new UDPTransport(socket, MTU));
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }

        @Override
        public void send(byte[] bytes) throws IOException {
            engine.send(bytes, 0, bytes.length);
        }

        @Override
        public byte[] receive() throws IOException {
            byte[] bytes = new byte[MTU];
            int length = engine.receive(bytes, 0, bytes.length, PATIENCE_MILLIS);
            return Arrays.copyOf(bytes, Math.max(0, length));
        }

        @Override
        public void close() throws IOException {
            try (socket) {
                engine.close();
            }
        }
    }
}
