package io.staplegate.relay;

import io.staplegate.config.SocketAddress.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A backend on a real socket, whose conversation is a function of each connection. */
final class TestBackend implements AutoCloseable {
    /** What a backend does with a connection; it is closed afterwards. */
    interface Conversation {
        void hold(Socket connection) throws Exception;
    }

    private final ServerSocket server;

    TestBackend(Conversation conversation) throws IOException {
        this(InetAddress.getLoopbackAddress(), conversation);
    }

    TestBackend(InetAddress address, Conversation conversation) throws IOException {
        server = new ServerSocket(0, 50, address);
        Thread.ofVirtual().start(() -> accept(conversation));
    }

    /** A backend that sends back what it gets. */
    static TestBackend echo() throws IOException {
        return new TestBackend(connection -> connection.getInputStream().transferTo(connection.getOutputStream()));
    }

    HostPort address() {
        return new HostPort(server.getInetAddress().getHostAddress(), server.getLocalPort());
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept(Conversation conversation) {
        try {
            while (true) {
                Socket connection = server.accept();
                Thread.ofVirtual().start(() -> hold(conversation, connection));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void hold(Conversation conversation, Socket connection) {
        try (connection) {
            conversation.hold(connection);
        } catch (Exception e) {
            // a reset is what some conversations are about
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
