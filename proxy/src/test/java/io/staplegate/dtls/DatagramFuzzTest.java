package io.staplegate.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.staplegate.dtls.CookieGate.Challenge;
import io.staplegate.dtls.DtlsEngine.Received;
import io.staplegate.handshake.Handshakes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any datagram at all, at the gate, in a handshake and in a session. Runs on its seeds and on mutations of them; with
 * {@code JAZZER_FUZZ=1}, on what it finds.
 */
class DatagramFuzzTest {
    private static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.1", 4711);
    private static final CookieGate GATE = new CookieGate(System::nanoTime);
    private static final Handshakes HANDSHAKES =
            SmallListener.handshakes(SmallListener.SITE.chainStaples(), Duration.ofMinutes(1));

    private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

    /** A device's fatal alert. */
    private static final byte[] CANCEL = {21, (byte) 0xFE, (byte) 0xFD, 0, 0, 0, 0, 0, 0, 15, 0, 0, 2, 2, 90};

    /** A session, and what the device sent in its handshake and after it. */
    private static final Encounter SESSION = session();

    static Stream<byte[]> seeds() {
        return Stream.concat(SESSION.up.sent().stream(), SESSION.down.sent().stream());
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "2m")
    void theGateAnswersNothingThatIsLarger(byte[] datagram) {
        byte[] before = datagram.clone();
        CookieGate.Answer answer = GATE.judge(SOURCE, datagram, datagram.length);
        if (answer instanceof Challenge challenge && challenge.helloVerifyRequest().length > datagram.length) {
            throw new AssertionError("an answer of " + challenge.helloVerifyRequest().length);
        }
        if (!Arrays.equals(before, datagram)) {
            throw new AssertionError("changed");
        }
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "2m")
    void aSessionSurvives(byte[] datagram) {
        SESSION.listener.onLoop(() -> {
            DtlsEngine engine = SESSION.listener.established.join();
            Received received = engine.receive(datagram.clone(), 0, datagram.length, (_, _, _) -> {});
            if (received != Received.NOTHING || engine.isClosed()) {
                throw new AssertionError(received + ", closed: " + engine.isClosed());
            }
        });
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "2m")
    void aHandshakeGoesOnOrEndsWithAnIoException(byte[] datagram) {
        handshakeAgainst(List.of(datagram));
    }

    @Test
    void mutationsAreDroppedAtTheGateAndInASession() {
        Random random = new Random(1);
        List<byte[]> seeds = seeds().toList();
        int sent = SESSION.down.sent().size();
        for (int round = 0; round < 50_000; round++) {
            byte[] mutated = mutated(seeds.get(random.nextInt(seeds.size())), random);
            theGateAnswersNothingThatIsLarger(mutated);
            if (!seeds.stream().anyMatch(seed -> Arrays.equals(seed, mutated))) {
                aSessionSurvives(mutated);
            }
        }
        assertThat(SESSION.down.sent()).hasSize(sent);
    }

    @Test
    void mutationsEndAHandshakeInOneWayOrAnother() {
        Random random = new Random(2);
        List<byte[]> seeds = SESSION.up.sent();
        for (int round = 0; round < 100; round++) {
            List<byte[]> datagrams = new ArrayList<>();
            for (int count = 0; count < 30; count++) {
                datagrams.add(mutated(seeds.get(random.nextInt(seeds.size())), random));
            }
            handshakeAgainst(datagrams);
        }
    }

    /** Offers datagrams to a handshake, and an alert, which ends it unless it expects encrypted ones by then. */
    private static void handshakeAgainst(List<byte[]> datagrams) {
        DtlsHandshake handshake = new DtlsHandshake(
                HANDSHAKES.newPeer(() -> null), Hellos.verified(), 1232, new SmallListener(HANDSHAKES, 1232));
        datagrams.forEach(handshake::offer);
        handshake.offer(CANCEL);
        Future<DtlsEngine> running = THREADS.submit(handshake::run);
        try {
            running.get(100, TimeUnit.MILLISECONDS);
            throw new AssertionError("shook hands");
        } catch (TimeoutException deaf) {
            handshake.abandon();
            assertThatThrownBy(running::get).hasCauseInstanceOf(IOException.class);
        } catch (ExecutionException ended) {
            assertThat(ended).hasCauseInstanceOf(IOException.class);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] bytes = Arrays.copyOf(seed, random.nextInt(4) == 0 ? random.nextInt(2 * seed.length) : seed.length);
        for (int changes = random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
            int position =
                    random.nextBoolean() ? random.nextInt(Math.min(30, bytes.length)) : random.nextInt(bytes.length);
            bytes[position] =
                    (byte) (random.nextBoolean() ? random.nextInt() : bytes[position] + random.nextInt(-1, 2));
        }
        return bytes;
    }

    private static Encounter session() {
        try {
            MemoryDevice device = new MemoryDevice().connectionId();
            SmallListener listener = new SmallListener(HANDSHAKES, 1232).connectionId((byte) 1, (byte) 2, (byte) 3);
            Encounter session = new Encounter(device, listener).shakeHands();
            device.say("hello");
            assertThat(device.hearText()).isEqualTo("hello");
            return session;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
