package io.staplegate.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server for whatever comes through the proxy: a small page for {@code GET}, an echo for everything else. */
public final class TcpBackend implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TcpBackend.class);
    private static final byte[] GET = "GET ".getBytes(StandardCharsets.US_ASCII);
    private static final String BODY = "Staplegate stands in front of this page.\n";
    private static final byte[] PAGE = ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
                    + BODY.length() + "\r\nConnection: close\r\n\r\n" + BODY)
            .getBytes(StandardCharsets.US_ASCII);

    private static final int BACKLOG = 4096;

    private final ServerSocket server;
    private final Set<Socket> sessions = ConcurrentHashMap.newKeySet();

    private TcpBackend(ServerSocket server) {
        this.server = server;
    }

    /**
     * Serves on loopback, each connection on a virtual thread.
     *
     * @param port 0 picks a free one
     */
    public static TcpBackend start(int port) throws IOException {
        TcpBackend backend = new TcpBackend(new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().name("demo-backend").start(backend::accept);
        return backend;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Stops listening, and ends every connection. */
    @Override
    public void close() throws IOException {
        server.close();
        for (Socket session : sessions) {
            session.close();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket session = server.accept();
                sessions.add(session);
                Thread.ofVirtual().start(() -> serve(session));
            } catch (IOException e) {
                LOG.atDebug().addKeyValue("cause", e.getMessage()).log("accept ended");
            }
        }
    }

    private void serve(Socket session) {
        try (session) {
            InputStream in = session.getInputStream();
            OutputStream out = session.getOutputStream();
            byte[] first = new byte[8192];
            int length = Math.max(0, in.read(first));
            if (Arrays.equals(first, 0, Math.min(length, GET.length), GET, 0, GET.length)) {
                out.write(PAGE);
                session.shutdownOutput();
                in.transferTo(OutputStream.nullOutputStream()); // a close with bytes unread would reset the page away
            } else {
                out.write(first, 0, length);
                in.transferTo(out);
                session.shutdownOutput();
            }
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("cause", e.getMessage()).log("session ended");
        } finally {
            sessions.remove(session);
        }
    }
}
