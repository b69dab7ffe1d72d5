package io.staplegate.probe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection over TCP. */
final class TcpConnection implements Connection {
    private static final int BUFFER_BYTES = 16 * 1024;

    private final Socket socket = new Socket();
    private @Nullable DeviceEngine engine;
    private Traffic traffic = Traffic.NONE;

    /** Connects. {@code timeout}: for that, and for each answer. */
    TcpConnection(InetSocketAddress server, Duration timeout) throws IOException {
        int millis = Math.toIntExact(timeout.toMillis());
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(millis);
            socket.connect(server, millis);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public Presented shakeHands(Device device) throws IOException {
        DeviceEngine speaker = new DeviceEngine(device);
        engine = speaker;
        byte[] buffer = new byte[BUFFER_BYTES];
        while (true) {
            send(speaker);
            Presented presented = speaker.presented();
            if (presented != null) {
                return presented;
            }
            int length = socket.getInputStream().read(buffer);
            if (length < 0) {
                throw new HandshakeFailure("closed by the server", traffic, null);
            }
            traffic = traffic.received(length);
            speaker.offer(buffer, length);
        }
    }

    private void send(DeviceEngine speaker) throws IOException {
        byte[] flight = speaker.output();
        socket.getOutputStream().write(flight);
        traffic = traffic.sent(flight.length);
    }

    @Override
    public Traffic traffic() {
        return traffic;
    }

    /** The last word is a close_notify, or the alert that the handshake ended with. */
    @Override
    public void close() {
        try (socket) {
            if (engine != null) {
                engine.close();
                send(engine);
            }
        } catch (IOException e) {
            // it makes no difference to what the handshake came to
        }
    }
}
