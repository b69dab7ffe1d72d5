package io.staplegate.testing;

import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import io.staplegate.testing.Behaviour.Exchange;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real OCSP responder over HTTP that misbehaves as a test wants it to, and remembers what it was asked. */
public final class FaultyResponder implements AutoCloseable {
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Responder responder;
    private volatile Behaviour behaviour = Behaviour.honest();

    /** A request that came. {@code urlLength} is that of the whole URL, with scheme and host (R18). */
    public record Seen(String method, String uri, int urlLength) {}

    private FaultyResponder(int port, StatusBook book) throws IOException {
        this.responder = Responder.start(port, (request, context) -> {
            seen.add(new Seen(
                    request.method(),
                    request.uri(),
                    url().toString().length() - 1 + request.uri().length()));
            behaviour.answer(new Exchange(request, book, context));
        });
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

    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    public URI url() {
        return responder.url();
    }

    public int port() {
        return responder.port();
    }

    @Override
    public void close() {
        responder.close();
    }
}
