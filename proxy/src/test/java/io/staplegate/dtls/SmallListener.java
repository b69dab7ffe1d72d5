package io.staplegate.dtls;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.staplegate.dtls.CookieGate.Challenge;
import io.staplegate.dtls.CookieGate.Ignored;
import io.staplegate.dtls.CookieGate.Verified;
import io.staplegate.dtls.DtlsEngine.Received;
import io.staplegate.handshake.CryptoProvider;
import io.staplegate.handshake.Handshakes;
import io.staplegate.handshake.Handshakes.DtlsTerms;
import io.staplegate.handshake.KeyLog;
import io.staplegate.handshake.ServerPeer;
import io.staplegate.handshake.Site;
import io.staplegate.identity.PresharedKeys;
import io.staplegate.identity.ServerNames;
import io.staplegate.staple.ChainStaples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bouncycastle.tls.TlsServer;
import org.jspecify.annotations.Nullable;

/** The smallest listener there can be: for one device, in memory, on one thread. Echoes what it gets. */
final class SmallListener implements AutoCloseable, DatagramOutput {
    static final Site SITE = new Site("EC");

    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    final BlockingQueue<Received> receipts = new LinkedBlockingQueue<>();
    final CompletableFuture<DtlsEngine> established = new CompletableFuture<>();

    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private final CookieGate gate = new CookieGate(System::nanoTime);
    private final InetSocketAddress source = new InetSocketAddress("192.0.2.1", 4711);
    private final Supplier<? extends TlsServer> peers;
    private final int mtu;
    private byte @Nullable [] connectionId;
    private boolean echoing = true;
    private Consumer<byte[]> network = datagram -> {};

    private @Nullable DtlsHandshake handshake;
    private @Nullable TlsServer peer;
    private @Nullable DtlsEngine engine;

    SmallListener(Handshakes handshakes, int mtu) {
        this.peers = () -> handshakes.newPeer(() -> connectionId);
        this.mtu = mtu;
    }

    /** A listener that answers as a test likes. */
    SmallListener(Supplier<? extends TlsServer> peers, int mtu) {
        this.peers = peers;
        this.mtu = mtu;
    }

    SmallListener(int mtu) {
        this(handshakes(SITE.chainStaples()), mtu);
    }

    static Handshakes handshakes(ChainStaples staples) {
        return handshakes(staples, Duration.ofMillis(50));
    }

    /** Handshakes for those alone who ask for a name that there is. */
    static Handshakes strictly() {
        return handshakes(SITE.chainStaples(), Duration.ofMinutes(1), true);
    }

    static Handshakes handshakes(ChainStaples staples, Duration retransmit) {
        return handshakes(staples, retransmit, false);
    }

    private static Handshakes handshakes(ChainStaples staples, Duration retransmit, boolean strict) {
        try {
            ServerNames names = ServerNames.of(List.of(SITE.identity()), strict);
            DtlsTerms terms = new DtlsTerms(retransmit, false, () -> PresharedKeys.NONE, 1000);
            return Handshakes.overDtls(
                    CryptoProvider.crypto(),
                    List.of(),
                    () -> names,
                    _ -> staples,
                    KeyLog.open(null),
                    InstantSource.system(),
                    terms);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SmallListener connectionId(byte... id) {
        connectionId = id;
        return this;
    }

    SmallListener over(Consumer<byte[]> path) {
        network = path;
        return this;
    }

    SmallListener mute() {
        echoing = false;
        return this;
    }

    ServerPeer peer() {
        return (ServerPeer) Objects.requireNonNull(peer);
    }

    DtlsHandshake handshake() {
        return Objects.requireNonNull(handshake);
    }

    /** A datagram from the device. */
    void arrive(byte[] datagram) {
        loop.execute(() -> route(datagram));
    }

    /** Does something on the thread that owns the session, after all that has arrived. */
    <T> T onLoop(Callable<T> task) {
        try {
            return loop.submit(task).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    void onLoop(Action action) {
        onLoop(() -> {
            action.run();
            return true;
        });
    }

    interface Action {
        void run() throws IOException;
    }

    private void route(byte[] datagram) {
        boolean hello = datagram[0] == 22 && datagram[4] == 0 && datagram[13] == 1;
        if (hello) {
            switch (gate.judge(source, datagram, datagram.length)) {
                case Challenge challenge -> send(challenge.helloVerifyRequest());
                case Ignored _ -> {}
                case Verified verified -> take(verified, datagram);
            }
        } else {
            pass(datagram);
        }
    }

    private void take(Verified verified, byte[] datagram) {
        if (handshake != null) {
            pass(datagram);
            return;
        }
        TlsServer answering = peers.get();
        DtlsHandshake begun = new DtlsHandshake(answering, verified, mtu, this);
        peer = answering;
        handshake = begun;
        Thread.startVirtualThread(() -> {
            try {
                DtlsEngine ready = begun.run();
                loop.execute(() -> establish(ready));
            } catch (IOException | RuntimeException e) {
                established.completeExceptionally(e);
            }
        });
    }

    private void establish(DtlsEngine ready) {
        engine = ready;
        established.complete(ready);
        try {
            ready.receiveEarly(this::hear);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pass(byte[] datagram) {
        try {
            if (engine != null) {
                receipts.add(engine.receive(datagram, 0, datagram.length, this::hear));
            } else if (handshake != null) {
                handshake.offer(datagram);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void hear(byte[] bytes, int offset, int length) {
        heard.add(new String(bytes, offset, length, UTF_8));
        if (echoing) {
            try {
                Objects.requireNonNull(engine).send(bytes, offset, length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void send(byte[] datagram) {
        network.accept(datagram);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        if (handshake != null) {
            handshake.abandon();
        }
        loop.shutdownNow();
    }
}
