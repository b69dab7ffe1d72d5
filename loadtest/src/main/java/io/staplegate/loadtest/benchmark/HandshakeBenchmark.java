package io.staplegate.loadtest.benchmark;

import io.staplegate.handshake.CryptoProvider;
import io.staplegate.handshake.Handshakes;
import io.staplegate.probe.Device;
import io.staplegate.probe.Group;
import io.staplegate.probe.StatusWish;
import io.staplegate.probe.TlsVersion;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The server's time for one full handshake with a chain of two P-256 certificates and a staple for each.
 *
 * <p>The server speaks twice in a handshake: after the ClientHello, and after the device's last flight. Each is one
 * call of {@link #server}, and {@code batchSize} makes the two one operation. What the device does in between is the
 * setup of an invocation, which JMH leaves out of the time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 3, batchSize = HandshakeBenchmark.TURNS)
@Measurement(iterations = 5, time = 3, batchSize = HandshakeBenchmark.TURNS)
@Fork(value = 2)
public class HandshakeBenchmark {
    /** How often the server speaks in a handshake. */
    static final int TURNS = 2;

    /** The server's cryptography; the device's is always the fastest. */
    @Param
    public Crypto crypto = Crypto.CORRETTO;

    /** What the device offers. */
    @Param
    public Offer offer = Offer.TLS13_P256;

    private @Nullable Handshakes listener;
    private @Nullable MemoryHandshake handshake;
    private int turn;

    /** The cryptography under the engine. */
    public enum Crypto {
        CORRETTO,
        BOUNCYCASTLE;

        JcaTlsCrypto open() {
            return switch (this) {
                case CORRETTO -> CryptoProvider.crypto();
                case BOUNCYCASTLE -> CryptoProvider.bouncyCastleAlone();
            };
        }
    }

    /** One version and one group; TLS 1.2 with a P-256 certificate always offers P-256, which the proxy prefers. */
    public enum Offer {
        TLS13_P256(TlsVersion.TLS13, Group.P256),
        TLS13_X25519(TlsVersion.TLS13, Group.X25519),
        TLS12_P256(TlsVersion.TLS12, Group.P256);

        private final TlsVersion version;
        private final Group group;

        Offer(TlsVersion version, Group group) {
            this.version = version;
            this.group = group;
        }

        Device device() {
            return Device.usual().speaking(version).offering(group).asking(StatusWish.V2);
        }
    }

    @Setup(Level.Trial)
    public void open() throws IOException {
        listener = new Site().handshakes(crypto.open());
    }

    /** The device's turn; before a new handshake, the last one is looked at. */
    @Setup(Level.Invocation)
    public void device() throws IOException {
        if (turn == 0) {
            requireComplete();
            handshake = new MemoryHandshake(Objects.requireNonNull(listener, "opened"), offer.device());
        }
        current().deviceSpeaks();
        turn = (turn + 1) % TURNS;
    }

    /** The server's turn. */
    @Benchmark
    public int server() throws IOException {
        return current().serverSpeaks();
    }

    private void requireComplete() {
        if (handshake != null && !handshake.isComplete()) {
            throw new IllegalStateException("a handshake came to " + handshake.result());
        }
    }

    private MemoryHandshake current() {
        return Objects.requireNonNull(handshake, "the device speaks first");
    }
}
