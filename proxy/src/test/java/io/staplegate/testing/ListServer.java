package io.staplegate.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A web server with files on it, which tells versions apart by ETag, where a test does not want it otherwise. */
public final class ListServer implements AutoCloseable {
    private static final byte[] NO_FILE = {};

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile Function<byte[], @Nullable String> tags = ListServer::tag;

    /** A request, and how it was answered. */
    public record Seen(String path, int status) {}

    public ListServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /** {@code path}: as it is written in a URL, with its query. */
    public ListServer put(String path, byte[] file) {
        files.put(path, file);
        return this;
    }

    public ListServer remove(String path) {
        files.remove(path);
        return this;
    }

    /** From now on: all versions have one and the same tag. */
    public ListServer withOneTag() {
        tags = _ -> "\"one\"";
        return this;
    }

    /** From now on: each version has a tag of its own, as at the start. */
    public ListServer withVersions() {
        tags = ListServer::tag;
        return this;
    }

    /** From now on: no version has a tag, and none a date. */
    public ListServer withoutVersions() {
        tags = _ -> null;
        return this;
    }

    public URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static String tag(byte[] file) {
        return "\"" + Arrays.hashCode(file) + "\"";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            URI url = exchange.getRequestURI();
            String path = url.getRawQuery() == null ? url.getRawPath() : url.getRawPath() + '?' + url.getRawQuery();
            byte[] file = files.getOrDefault(path, NO_FILE);
            String tag = tags.apply(file);
            boolean isKnown =
                    tag != null && tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
            int status = !files.containsKey(path) ? 404 : isKnown ? 304 : 200;
            seen.add(new Seen(path, status));
            if (tag != null) {
                exchange.getResponseHeaders().set("ETag", tag);
            }
            byte[] body = isKnown ? NO_FILE : file;
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
