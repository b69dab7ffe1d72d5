package io.staplegate.dtls;

import io.netty.util.concurrent.Future;
import io.staplegate.dtls.CookieGate.Verified;
import io.staplegate.handshake.ServerPeer;
import io.staplegate.telemetry.DatagramDrop;
import io.staplegate.telemetry.Telemetry.HandshakeOutcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A device that has shown its cookie, and is not through its handshake: what the listener holds for it. Owned by an
 * event loop; the handshake itself runs on a thread of its own.
 */
final class PendingHandshake implements Route {
    private static final ThreadFactory THREADS =
            Thread.ofVirtual().name("handshake-", 0).factory();

    private final PendingHandshakes all;
    private final LoopSocket socket;
    private final ReturnPath path;
    private final int hello;
    private final @Nullable ConnectionId id;
    private final ServerPeer peer;
    private final DtlsHandshake handshake;
    private final long startedAt;
    private long heardAt;
    private @Nullable Future<?> deadline;

    PendingHandshake(
            PendingHandshakes all,
            ListenerScope scope,
            LoopSocket socket,
            ConnectionIds<Route> ids,
            InetSocketAddress source,
            Verified verified) {
        this.all = all;
        this.socket = socket;
        this.path = new ReturnPath(socket, source);
        this.hello = verified.hello();
        this.id = ids.assign(this);
        byte @Nullable [] offered = id == null ? null : id.bytes();
        this.peer = scope.handshakes().newPeer(() -> offered);
        this.handshake = new DtlsHandshake(peer, verified, scope.dtls().mtu(), path);
        this.startedAt = socket.now();
        this.heardAt = startedAt;
    }

    InetSocketAddress address() {
        return path.address();
    }

    ReturnPath path() {
        return path;
    }

    /** Of the ClientHello that it began with. */
    int hello() {
        return hello;
    }

    /** What was offered to the device, to be known by. */
    @Nullable
    ConnectionId id() {
        return id;
    }

    ServerPeer peer() {
        return peer;
    }

    /** For how long it has been going on. */
    Duration age() {
        return Duration.ofNanos(socket.now() - startedAt);
    }

    /** For how long the device has said nothing. */
    Duration silence() {
        return Duration.ofNanos(socket.now() - heardAt);
    }

    void start(Duration timeout) {
        deadline = socket.loop()
                .schedule(() -> all.end(this, HandshakeOutcome.TIMEOUT), timeout.toNanos(), TimeUnit.NANOSECONDS);
        THREADS.newThread(this::run).start();
    }

    private void run() {
        DtlsEngine engine;
        try {
            engine = handshake.run();
        } catch (IOException | RuntimeException e) {
            comeBack(() -> all.failed(this, e));
            return;
        }
        comeBack(() -> all.succeeded(this, engine));
    }

    /** Has something done on the loop, from any thread. */
    void comeBack(Runnable outcome) {
        try {
            socket.loop().execute(outcome);
        } catch (RejectedExecutionException tooLate) {
            handshake.abandon(); // the loop has ended, and with it all that it owned
        }
    }

    @Override
    public void receive(InetSocketAddress source, byte[] bytes, int length) {
        heardAt = socket.now();
        all.heardFrom(this);
        if (!handshake.offer(Arrays.copyOf(bytes, length))) {
            all.dropped(DatagramDrop.QUEUE_FULL);
        }
    }

    /** It is over. */
    void stopClock() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    /** Ends it without a word, where it has not come to its end. */
    void abandon() {
        handshake.abandon();
    }
}
