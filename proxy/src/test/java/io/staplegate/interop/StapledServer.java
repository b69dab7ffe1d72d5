package io.staplegate.interop;

import io.staplegate.demo.DemoDirectory;
import io.staplegate.demo.DemoPki;
import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import io.staplegate.demo.TcpBackend;
import io.staplegate.testing.ProxyProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * A proxy with a certificate chain, a responder that can be taken away, and an echoing backend, in a folder. The proxy
 * is a process of its own.
 */
final class StapledServer implements AutoCloseable {
    private final DemoDirectory directory;
    private final Responder responder;
    private final TcpBackend backend;
    private final DemoPki pki;
    private @Nullable ProxyProcess proxy;

    private StapledServer(DemoDirectory directory, Responder responder, TcpBackend backend, DemoPki pki) {
        this.directory = directory;
        this.responder = responder;
        this.backend = backend;
        this.pki = pki;
    }

    /** Everything but the proxy. {@code validity}: of each OCSP response. */
    static StapledServer in(Path folder, Duration validity) throws IOException {
        // The certificates name the responder, and the responder answers for the certificates: the book is opened last.
        StatusBook book = new StatusBook(validity, InstantSource.system());
        Responder responder = Responder.start(0, book);
        TcpBackend backend = TcpBackend.start(0);
        DemoDirectory directory = new DemoDirectory(folder);
        DemoPki pki = directory.pki(responder.url(), Instant.now());
        book.open(pki.root()).open(pki.intermediate());
        directory.configure(0, 0, 0, backend.address(), backend.address());
        return new StapledServer(directory, responder, backend, pki);
    }

    /** Puts another backend behind the proxy, before it starts. */
    StapledServer before(InetSocketAddress other) throws IOException {
        directory.configure(0, 0, 0, other, other);
        return this;
    }

    StapledServer start() throws IOException {
        proxy = ProxyProcess.serving(
                directory.folder().resolve("proxy.log"), "run", "--config", directory.configuration());
        return this;
    }

    /** The CA goes off the network; the proxy runs on. */
    StapledServer loseResponder() {
        responder.close();
        return this;
    }

    ProxyProcess proxy() {
        if (proxy == null) {
            throw new IllegalStateException("the proxy was not started");
        }
        return proxy;
    }

    int port() {
        return proxy().port("tls");
    }

    DemoPki pki() {
        return pki;
    }

    DemoDirectory directory() {
        return directory;
    }

    /** What a device trusts, as a path for a command line. */
    String ca() {
        return directory.ca().toString();
    }

    @Override
    public void close() throws IOException {
        if (proxy != null) {
            proxy.close();
        }
        responder.close();
        backend.close();
    }
}
