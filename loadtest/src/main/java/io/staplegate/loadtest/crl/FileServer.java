package io.staplegate.loadtest.crl;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web server on loopback with one file. */
final class FileServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Path file;

    FileServer(Path first) throws IOException {
        file = first;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                Path current = file;
                exchange.sendResponseHeaders(200, Files.size(current));
                Files.copy(current, exchange.getResponseBody());
            }
        });
        server.start();
    }

    /** Has another file from now on. */
    void serve(Path other) {
        file = other;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/devices.crl");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
