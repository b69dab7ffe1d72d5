package io.staplegate.testing;

import io.staplegate.config.SocketAddress.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** An address on loopback that does not answer: a listening socket whose backlog is full. */
public final class BlackHole implements AutoCloseable {
    private final ServerSocket server;
    private final List<SocketChannel> fillers = new ArrayList<>();

    /** On a free port. */
    public BlackHole() throws IOException {
        this(0);
    }

    /** On this port: the one of a server that was closed before. */
    public BlackHole(int port) throws IOException {
        server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        for (int i = 0; i < 4; i++) {
            SocketChannel filler = SocketChannel.open();
            filler.configureBlocking(false);
            filler.connect(server.getLocalSocketAddress());
            fillers.add(filler);
        }
    }

    public HostPort address() {
        return new HostPort(server.getInetAddress().getHostAddress(), server.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel filler : fillers) {
            filler.close();
        }
        server.close();
    }
}
