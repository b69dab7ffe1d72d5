package io.staplegate.interop;

import io.staplegate.demo.DemoDirectory;
import io.staplegate.demo.DemoPki;
import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import io.staplegate.demo.TcpBackend;
import io.staplegate.demo.UdpBackend;
import io.staplegate.testing.ProxyProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * A proxy with a certificate chain, a responder that can be taken away, and echoing backends, in a folder. The proxy is
 * a process of its own.
 */
final class StapledServer implements AutoCloseable {
    private final DemoDirectory directory;
    private final Responder responder;
    private final TcpBackend stream;
    private final UdpBackend datagrams;
    private final DemoPki pki;
    private @Nullable ProxyProcess proxy;

    private StapledServer(
            DemoDirectory directory, Responder responder, TcpBackend stream, UdpBackend datagrams, DemoPki pki) {
        this.directory = directory;
        this.responder = responder;
        this.stream = stream;
        this.datagrams = datagrams;
        this.pki = pki;
    }

    /** Everything but the proxy. {@code validity}: of each OCSP response. */
    static StapledServer in(Path folder, Duration validity) throws IOException {
        // The certificates name the responder, and the responder answers for the certificates: the book is opened last.
        StatusBook book = new StatusBook(validity, InstantSource.system());
        Responder responder = Responder.start(0, book);
        TcpBackend stream = TcpBackend.start(0);
        UdpBackend datagrams = UdpBackend.start(0);
        DemoDirectory directory = new DemoDirectory(folder);
        DemoPki pki = directory.pki(responder.url(), Instant.now());
        book.open(pki.root()).open(pki.intermediate());
        StapledServer server = new StapledServer(directory, responder, stream, datagrams, pki);
        return server.before(stream.address());
    }

    /** Puts another TCP backend behind the proxy, before it starts. */
    StapledServer before(InetSocketAddress other) throws IOException {
        directory.configure(DemoDirectory.Ports.FREE, other, datagrams.address());
        return this;
    }

    /** Gives the proxy a mirror, before it starts. */
    StapledServer withMirror() throws IOException {
        directory.configure(new DemoDirectory.Ports(0, 0, 0, 0), stream.address(), datagrams.address());
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

    /** Where the CA answers. */
    URI responder() {
        return responder.url();
    }

    ProxyProcess proxy() {
        if (proxy == null) {
            throw new IllegalStateException("the proxy was not started");
        }
        return proxy;
    }

    /** Where it speaks TLS. */
    int port() {
        return proxy().port("tls");
    }

    /** Where it speaks DTLS. */
    int dtlsPort() {
        return proxy().port("dtls");
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
        stream.close();
        datagrams.close();
    }
}
