package io.staplegate.probe;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
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
        this(null, server, timeout);
    }

    /** The same from an address of this machine; null: any. */
    TcpConnection(@Nullable InetAddress source, InetSocketAddress server, Duration timeout) throws IOException {
        int millis = Math.toIntExact(timeout.toMillis());
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(millis);
            if (source != null) {
                socket.bind(new InetSocketAddress(source, 0));
            }
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

    /** Sends application data, behind the handshake. */
    void send(byte[] bytes) throws IOException {
        DeviceEngine speaker = requireNonNull(engine);
        speaker.write(bytes);
        send(speaker);
    }

    /** Waits for application data; empty: there will be no more. */
    byte[] receive(Duration patience) throws IOException {
        DeviceEngine listener = requireNonNull(engine);
        socket.setSoTimeout(Math.toIntExact(Math.max(1, patience.toMillis())));
        byte[] buffer = new byte[BUFFER_BYTES];
        byte[] heard = listener.read();
        while (heard.length == 0 && !listener.isClosed()) {
            int length = socket.getInputStream().read(buffer);
            if (length < 0) {
                return heard;
            }
            traffic = traffic.received(length);
            listener.offer(buffer, length);
            heard = listener.read();
        }
        return heard;
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
