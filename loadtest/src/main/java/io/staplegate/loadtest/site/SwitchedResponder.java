package io.staplegate.loadtest.site;

import io.staplegate.demo.Responder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * An OCSP responder on loopback that can be taken down and brought up again. While it is down, connections are refused.
 * Made, switched and closed by one thread.
 */
public final class SwitchedResponder implements AutoCloseable {
    private final Responder.Answer answer;

    /** Bound and not listening: nobody else gets the port while the responder is down. */
    private final Socket port = new Socket();

    private @Nullable Responder responder;

    /** One that is down. {@code answer}: what it gives when it is up. */
    public SwitchedResponder(Responder.Answer answer) throws IOException {
        this.answer = answer;
        port.setReuseAddress(true);
        port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Answers from now on. */
    public void bringUp() throws IOException {
        if (responder == null) {
            responder = Responder.start(port.getLocalPort(), answer);
        }
    }

    /** Refuses connections from now on, and has ended those that there were. */
    public void takeDown() {
        if (responder != null) {
            responder.close();
            responder = null;
        }
    }

    /** What certificates name as their responder. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port.getLocalPort() + "/");
    }

    @Override
    public void close() throws IOException {
        takeDown();
        port.close();
    }
}
