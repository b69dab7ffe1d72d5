package io.staplegate.dtls;

import io.netty.channel.Channel;
import io.staplegate.config.ListenerConfig;
import io.staplegate.device.Gate;
import io.staplegate.handshake.Handshakes;
import io.staplegate.net.Transport;
import io.staplegate.relay.DatagramRelay;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A UDP port on which devices speak DTLS: one socket for each event loop, and the sessions that each owns. */
public final class DtlsListener {
    private final ListenerScope scope;
    private final List<Channel> sockets;
    private final List<Router> routers;

    private DtlsListener(ListenerScope scope, List<Channel> sockets) {
        this.scope = scope;
        this.sockets = sockets;
        this.routers = sockets.stream()
                .map(socket -> socket.pipeline().get(Router.class))
                .toList();
    }

    /**
     * Binds the port. Datagrams wait in the kernel's queue, or are dropped there, until {@link #serve}.
     *
     * @param handshakes says who the proxy is and what it staples; {@link Handshakes#overDtls}
     * @param gate says which devices with a certificate may come in; null: all
     * @param relay takes each session's datagrams to its backend
     * @throws IOException when the address cannot be bound; the message names it
     */
    public static DtlsListener open(
            ListenerConfig config,
            Handshakes handshakes,
            @Nullable Gate gate,
            DatagramRelay relay,
            Transport transport,
            Telemetry telemetry)
            throws IOException {
        telemetry.listenerKnown(config.name());
        ListenerScope scope =
                new ListenerScope(config, handshakes, gate, relay, telemetry, new CookieGate(System::nanoTime));
        List<Channel> sockets = ListenerSockets.bind(
                transport, config.bind(), (channel, number, count) -> new Router(scope, channel, number, count));
        return new DtlsListener(scope, sockets);
    }

    /** Begins to read. */
    public void serve() {
        routers.forEach(router -> router.start(routers));
    }

    /** The port that is bound: of interest where the configuration said 0. */
    public int port() {
        return ((InetSocketAddress) sockets.getFirst().localAddress()).getPort();
    }

    /** Sessions that are open; handshakes are not among them. */
    public int sessions() {
        return scope.sessions().get();
    }

    /** Begins no handshake any more; sessions live on. */
    public void stopAccepting() {
        scope.stopAccepting();
    }

    /**
     * Ends every session with a close_notify and every handshake without a word, waits until they have left, but not
     * for longer than this, and closes the port.
     */
    public void shutdown(Duration limit) throws InterruptedException {
        stopAccepting();
        long end = System.nanoTime() + limit.toNanos();
        routers.forEach(Router::shutdown);
        for (Channel socket : sockets) {
            socket.closeFuture().await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        for (Channel socket : sockets) {
            socket.close().await();
        }
    }
}
