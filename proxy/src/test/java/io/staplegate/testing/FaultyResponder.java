package io.staplegate.testing;

import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import io.staplegate.testing.Behaviour.Exchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A real OCSP responder over HTTP that misbehaves as a test wants it to, and remembers what it was asked. Made, changed
 * and closed by one thread.
 */
public final class FaultyResponder implements AutoCloseable {
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final StatusBook book;
    private final int port;
    private AutoCloseable holder; // of the port: a responder, or what stands in its place
    private volatile Behaviour behaviour = Behaviour.honest();

    /** A request that came. {@code urlLength} is that of the whole URL, with scheme and host (R18). */
    public record Seen(String method, String uri, int urlLength) {}

    private FaultyResponder(int port, StatusBook book) throws IOException {
        this.book = book;
        Responder responder = listen(port);
        this.holder = responder;
        this.port = responder.port();
    }

    /** Starts on a free port, honest at first. */
    public static FaultyResponder start(StatusBook book) throws IOException {
        return start(0, book);
    }

    /** Starts on this port: the one of a responder that was closed before. */
    public static FaultyResponder start(int port, StatusBook book) throws IOException {
        return new FaultyResponder(port, book);
    }

    /** From the next request on it behaves so. */
    public FaultyResponder behave(Behaviour other) {
        behaviour = other;
        return this;
    }

    /** From the next request on its OCSP responses are such. */
    public FaultyResponder behave(ResponseVariant variant) {
        return behave(Behaviour.responding(variant));
    }

    /** From now on its port refuses connections; those that are open are cut. */
    public void refuse() throws IOException {
        close();
        Socket deaf = new Socket();
        deaf.setReuseAddress(true);
        deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        holder = deaf;
    }

    /** From now on no connection to its port is accepted or refused; those that are open are cut. */
    public void vanish() throws IOException {
        close();
        holder = new BlackHole(port);
    }

    /** Listens again, after it has refused or vanished, and is honest. */
    public void comeBack() throws IOException {
        behaviour = Behaviour.honest();
        if (!(holder instanceof Responder)) {
            close();
            holder = listen(port);
        }
    }

    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        try {
            holder.close();
        } catch (Exception e) {
            throw new IllegalStateException("port " + port + " is still held", e);
        }
    }

    private Responder listen(int wanted) throws IOException {
        return Responder.start(wanted, (request, context) -> {
            seen.add(new Seen(
                    request.method(),
                    request.uri(),
                    url().toString().length() - 1 + request.uri().length()));
            behaviour.answer(new Exchange(request, book, context));
        });
    }
}
