package io.staplegate.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP server that echoes, and counts the connections to it. */
public final class StreamBackend implements AutoCloseable {
    private static final int BACKLOG = 100;

    private final ServerSocket server;
    private final AtomicInteger connections = new AtomicInteger();

    private StreamBackend(ServerSocket server) {
        this.server = server;
    }

    /** Serves on a free port of loopback. */
    public static StreamBackend start() throws IOException {
        StreamBackend backend = new StreamBackend(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(backend::accept);
        return backend;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** How many there have been. */
    public int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = server.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> echo(connection));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void echo(Socket connection) {
        try (connection) {
            connection.getInputStream().transferTo(connection.getOutputStream());
        } catch (IOException e) {
            // whoever spoke has gone
        }
    }
}
