package io.staplegate.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.staplegate.probe.Device;
import io.staplegate.probe.DtlsSession;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.bouncycastle.tls.UDPTransport;

/** A device that speaks DTLS, after its handshake. */
record DatagramDevice(DatagramSocket socket, DtlsSession session) implements AutoCloseable {
    private static final int MTU = 1500;
    private static final int MILLIS = 100;

    /** Shakes hands. {@code patience}: for all of it. */
    static DatagramDevice connect(int port, Duration patience) throws IOException {
        DatagramSocket socket = new DatagramSocket();
        socket.connect(InetAddress.getLoopbackAddress(), port);
        return new DatagramDevice(
                socket, DtlsSession.begin(Device.overDtls(), new UDPTransport(socket, MTU), patience));
    }

    static DatagramDevice connect(int port) throws IOException {
        return connect(port, Duration.ofSeconds(20));
    }

    X509Certificate server() {
        return session.presented().chain().getFirst();
    }

    /** Sends a datagram to a backend that echoes, and returns what comes back. */
    String echo(String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        session.records().send(bytes, 0, bytes.length);
        byte[] echo = new byte[bytes.length];
        int length = session.records().receive(echo, 0, echo.length, 10_000);
        return length < 0 ? "" : new String(echo, 0, length, UTF_8);
    }

    /** Waits until the server ends the session with a close_notify. */
    void awaitGoodbye() {
        await().until(() -> {
            try {
                session.records().receive(new byte[MTU], 0, MTU, MILLIS);
            } catch (SocketException e) {
                // the engine closes the socket when it hears it
            }
            return socket.isClosed();
        });
    }

    @Override
    public void close() {
        session.close();
        socket.close();
    }
}
