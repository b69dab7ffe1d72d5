package io.staplegate.probe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;

/**
 * A full handshake over TCP, on a connection of its own that is closed when it is over. Blocks: made for virtual
 * threads.
 *
 * @param server where to connect; unresolved: looked up each time
 * @param timeout for the connection, and for each answer of the server
 */
public record DeviceHandshake(InetSocketAddress server, Device device, Duration timeout) {
    private static final int BUFFER_BYTES = 16 * 1024;

    /**
     * Connects, shakes hands, says goodbye and closes.
     *
     * @throws HandshakeFailure where there is no connection, or the handshake does not come to its end
     */
    public Encounter perform() throws HandshakeFailure {
        long begin = System.nanoTime();
        try (Socket socket = new Socket()) {
            connect(socket);
            return shakeHands(socket, begin, since(begin));
        } catch (HandshakeFailure e) {
            throw e;
        } catch (SocketTimeoutException e) {
            throw new HandshakeFailure("no answer within " + timeout.toMillis() + " ms", e);
        } catch (TlsFatalAlertReceived e) {
            throw new HandshakeFailure("alert received: " + AlertDescription.getText(e.getAlertDescription()), e);
        } catch (TlsFatalAlert e) {
            throw new HandshakeFailure("alert sent: " + AlertDescription.getText(e.getAlertDescription()), e);
        } catch (IOException e) {
            throw new HandshakeFailure("connection lost: " + e.getMessage(), e);
        }
    }

    private void connect(Socket socket) throws IOException {
        int millis = Math.toIntExact(timeout.toMillis());
        InetSocketAddress address =
                server.isUnresolved() ? new InetSocketAddress(server.getHostString(), server.getPort()) : server;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(millis);
        try {
            socket.connect(address, millis);
        } catch (IOException e) {
            throw new HandshakeFailure("no connection: " + e.getMessage(), e);
        }
    }

    private Encounter shakeHands(Socket socket, long begin, Duration connecting) throws IOException {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        DeviceEngine engine = new DeviceEngine(device);
        byte[] buffer = new byte[BUFFER_BYTES];
        long sent = send(engine, out);
        long received = 0;
        while (true) {
            int length = in.read(buffer);
            if (length < 0) {
                throw new HandshakeFailure("closed by the server", null);
            }
            received += length;
            offer(engine, buffer, length, out);
            sent += send(engine, out);
            Presented presented = engine.presented();
            if (presented != null) {
                Duration took = since(begin);
                engine.close();
                sayLast(engine, out);
                return new Encounter(presented, sent, received, connecting, took);
            }
        }
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static void offer(DeviceEngine engine, byte[] bytes, int length, OutputStream out) throws IOException {
        try {
            engine.offer(bytes, length);
        } catch (IOException e) {
            sayLast(engine, out);
            throw e;
        }
    }

    private static int send(DeviceEngine engine, OutputStream out) throws IOException {
        byte[] flight = engine.output();
        out.write(flight);
        return flight.length;
    }

    /** An alert, to a server that may be gone already. */
    private static void sayLast(DeviceEngine engine, OutputStream out) {
        try {
            send(engine, out);
        } catch (IOException e) {
            // it makes no difference to what the handshake came to
        }
    }
}
