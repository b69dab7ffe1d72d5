package io.staplegate.loadtest.server;

import io.netty.channel.ChannelHandlerContext;
import io.staplegate.demo.OcspReply;
import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.jspecify.annotations.Nullable;

/**
 * An OCSP responder on loopback that can be taken down and brought up again. While it is down, connections are refused.
 * Made, switched and closed by one thread.
 */
public final class SwitchedResponder implements AutoCloseable {
    private final StatusBook book;
    private final Arrivals arrivals;

    /** Bound and not listening: nobody else gets the port while the responder is down. */
    private final Socket port = new Socket();

    private @Nullable Responder responder;

    /**
     * One that is down.
     *
     * @param book says what it answers
     * @param arrivals is told of each request
     */
    public SwitchedResponder(StatusBook book, Arrivals arrivals) throws IOException {
        this.book = book;
        this.arrivals = arrivals;
        port.setReuseAddress(true);
        port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Answers from now on. */
    public void bringUp() throws IOException {
        if (responder == null) {
            responder = Responder.start(port.getLocalPort(), this::answer);
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

    private void answer(Responder.Request request, ChannelHandlerContext context) {
        Optional<OcspReply> reply = StatusBook.asked(request.ocsp()).flatMap(book::reply);
        reply.map(known -> known.entries().getFirst())
                .ifPresent(entry -> arrivals.note(entry.certId().getSerialNumber(), entry.thisUpdate()));
        byte[] answer = reply.map(OcspReply::encode).orElseGet(() -> StatusBook.error(OCSPRespBuilder.UNAUTHORIZED));
        var _ = context.writeAndFlush(Responder.response(answer));
    }
}
