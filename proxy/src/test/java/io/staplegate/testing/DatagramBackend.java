package io.staplegate.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A UDP server that echoes, remembers what it heard, and may speak first. */
public final class DatagramBackend implements AutoCloseable {
    private static final int MAX_DATAGRAM_BYTES = 65_535;

    private final DatagramSocket socket;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private volatile @Nullable SocketAddress last;

    private DatagramBackend(DatagramSocket socket) {
        this.socket = socket;
    }

    /** Serves on a free port of loopback. */
    public static DatagramBackend start() throws IOException {
        DatagramBackend backend = new DatagramBackend(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(backend::serve);
        return backend;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Every datagram that came, as text. */
    public List<String> heard() {
        return List.copyOf(heard);
    }

    /** Sends, unasked, to whoever spoke last. */
    public void say(String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        socket.send(new DatagramPacket(bytes, bytes.length, Objects.requireNonNull(last, "somebody spoke")));
    }

    @Override
    public void close() {
        socket.close();
    }

    private void serve() {
        DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM_BYTES], MAX_DATAGRAM_BYTES);
        while (!socket.isClosed()) {
            try {
                packet.setLength(MAX_DATAGRAM_BYTES);
                socket.receive(packet);
                last = packet.getSocketAddress();
                heard.add(new String(packet.getData(), 0, packet.getLength(), UTF_8));
                socket.send(packet);
            } catch (IOException e) {
                // Closed, or the refusal of a session that has ended.
            }
        }
    }
}
