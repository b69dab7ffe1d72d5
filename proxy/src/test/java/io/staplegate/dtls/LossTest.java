package io.staplegate.dtls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.dtls.LossyPath.Fate;
import io.staplegate.handshake.Handshakes;
import io.staplegate.handshake.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.bouncycastle.tls.TlsSession;
import org.junit.jupiter.api.Test;

/** Whatever becomes of single datagrams, a handshake completes, and data flows (R46). */
final class LossTest {
    /** More than the device or the listener sends in a handshake that loses nothing. */
    private static final int MOST = 8;

    private static final Site SITE = SmallListener.SITE;

    /** A handshake under one fault in one direction. */
    private interface Attempt {
        void complete(Fate up, Fate down) throws IOException;

        default Callable<?> under(Fate up, Fate down) {
            return () -> {
                complete(up, down);
                return this;
            };
        }
    }

    @Test
    void aHandshakeCompletesUnderEachFault() {
        underEachFault((up, down) -> complete(restless(), new SmallListener(512), up, down));
    }

    @Test
    void aHandshakeWithTheDevicesCertificateCompletesUnderEachFault() {
        underEachFault((up, down) ->
                complete(restless().certified(SITE), new SmallListener(() -> new MutualServer(SITE), 1232), up, down));
    }

    @Test
    void aResumptionCompletesUnderEachFault() throws IOException {
        Handshakes handshakes = SmallListener.handshakes(SITE.chainStaples());
        TlsSession session;
        try (Encounter first = new Encounter(restless(), new SmallListener(handshakes, 1232))) {
            session = first.shakeHands().device.session();
        }
        underEachFault((up, down) -> {
            MemoryDevice device = restless().resumes(session);
            complete(device, new SmallListener(handshakes, 1232), up, down);
            assertThat(device.resumed()).isTrue();
        });
    }

    @Test
    void aHandshakeCompletesThoughAFifthIsLostEachWay() {
        Map<String, Callable<?>> attempts = new TreeMap<>();
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            attempts.put("seed " + seed, () -> {
                try (Encounter encounter =
                        new Encounter(restless(), new SmallListener(512), losing(random), losing(random))) {
                    return encounter.shakeHands();
                }
            });
        }
        runAll(attempts);
    }

    private static MemoryDevice restless() {
        return new MemoryDevice().resendMillis(50);
    }

    private static Fate losing(Random random) {
        List<Boolean> lost = random.doubles(1000).mapToObj(x -> x < 0.2).toList();
        return (number, datagram) -> lost.get(number) ? List.of() : List.of(datagram);
    }

    @Test
    void aRetransmissionRepeatsTheLayout() throws IOException {
        MemoryDevice patient = new MemoryDevice().resendMillis(500);
        try (Encounter encounter =
                new Encounter(patient, new SmallListener(300), LossyPath.losing(2, 3, 4), LossyPath.faithful())) {
            encounter.shakeHands();
            List<String> flights = encounter.down.sent().stream()
                    .skip(1)
                    .map(Datagrams::withoutSequences)
                    .toList();
            int again = flights.lastIndexOf(flights.getFirst());
            int length = flights.subList(1, again + 1).indexOf(flights.getFirst()) + 1;
            assertThat(length).isGreaterThan(4);
            assertThat(flights.subList(again, again + length)).isEqualTo(flights.subList(0, length));
        }
    }

    /** Each datagram lost, each pair lost, each overtaken by the next, and all of them doubled; up, then down. */
    private static void underEachFault(Attempt attempt) {
        Map<String, Supplier<Fate>> faults = new TreeMap<>();
        faults.put("doubles", LossyPath::doubling);
        for (int first = 0; first < MOST; first++) {
            int one = first;
            faults.put("swaps " + one, () -> LossyPath.swapping(one));
            faults.put("loses " + one, () -> LossyPath.losing(one));
            for (int second = first + 1; second < MOST; second++) {
                int other = second;
                faults.put("loses " + one + " and " + other, () -> LossyPath.losing(one, other));
            }
        }
        Map<String, Callable<?>> attempts = new TreeMap<>();
        faults.forEach((name, fault) -> {
            attempts.put("up: " + name, attempt.under(fault.get(), LossyPath.faithful()));
            attempts.put("down: " + name, attempt.under(LossyPath.faithful(), fault.get()));
        });
        runAll(attempts);
    }

    /** They wait for timers most of the time: all at once. */
    private static void runAll(Map<String, Callable<?>> attempts) {
        Map<String, Throwable> failures = new TreeMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            Map<String, Future<?>> running = new TreeMap<>();
            attempts.forEach((name, attempt) -> running.put(name, threads.submit(attempt)));
            running.forEach((name, run) -> {
                try {
                    run.get();
                } catch (ExecutionException e) {
                    failures.put(name, e.getCause());
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
        assertThat(failures).isEmpty();
    }

    private static void complete(MemoryDevice device, SmallListener listener, Fate up, Fate down) throws IOException {
        try (Encounter encounter = new Encounter(device, listener, up, down)) {
            encounter.device.connect();
            List<String> answers = new ArrayList<>();
            for (int attempt = 0; answers.isEmpty() && attempt < 20; attempt++) {
                device.say("hello");
                byte[] heard = device.hear(100);
                if (heard != null) {
                    answers.add(new String(heard, UTF_8));
                }
            }
            assertThat(answers).containsExactly("hello");
        }
    }
}
