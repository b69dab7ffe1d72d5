package io.staplegate.dtls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A UDP backend for tests: sends back what comes, or anything at any time to who spoke last. */
final class EchoBackend implements AutoCloseable {
    /** Who has ever spoken: a session each. */
    final Set<SocketAddress> sources = ConcurrentHashMap.newKeySet();

    private final DatagramSocket socket;
    private volatile @Nullable SocketAddress last;

    EchoBackend() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("echo backend").start(this::serve);
    }

    private void serve() {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        try {
            while (true) {
                packet.setLength(65_535);
                socket.receive(packet);
                last = packet.getSocketAddress();
                sources.add(packet.getSocketAddress());
                socket.send(packet);
            }
        } catch (SocketException closed) {
            // the end
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a datagram on its own account to the session that spoke last. */
    void say(byte[] datagram) throws IOException {
        socket.send(new DatagramPacket(datagram, datagram.length, last));
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        socket.close();
    }
}
