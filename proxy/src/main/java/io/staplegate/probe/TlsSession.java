package io.staplegate.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A device's TLS session over TCP. Blocks: made for virtual threads; one at a time. */
public final class TlsSession implements AutoCloseable {
    private final TcpConnection connection;
    private final Presented presented;

    private TlsSession(TcpConnection connection, Presented presented) {
        this.connection = connection;
        this.presented = presented;
    }

    /**
     * Connects, and shakes hands. In TLS 1.3 the server may not have seen the device's certificate by then.
     *
     * @param source an address of this machine; null: any
     * @param timeout for the connection, and for each answer
     * @throws IOException where there is no connection, or the handshake has failed; the alert, if any, has been sent
     */
    public static TlsSession begin(
            Device device, @Nullable InetAddress source, InetSocketAddress server, Duration timeout)
            throws IOException {
        TcpConnection connection = new TcpConnection(source, server, timeout);
        try {
            return new TlsSession(connection, connection.shakeHands(device));
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** What the server presented in the handshake. */
    public Presented presented() {
        return presented;
    }

    /** What has gone over the network. */
    public Traffic traffic() {
        return connection.traffic();
    }

    /** Sends application data. */
    public void send(byte[] bytes) throws IOException {
        connection.send(bytes);
    }

    /**
     * Waits for application data, and returns what has come: empty where the server has said that there will be no
     * more, or has closed the connection.
     *
     * @throws SocketTimeoutException where nothing comes in that time
     * @throws IOException where the session has failed; an alert of the server is a {@code TlsFatalAlertReceived}
     */
    public byte[] receive(Duration patience) throws IOException {
        return connection.receive(patience);
    }

    /** Says goodbye, and closes the connection. */
    @Override
    public void close() {
        connection.close();
    }
}
