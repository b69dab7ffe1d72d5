package io.staplegate.interop;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.interop.Mishap.Place;
import io.staplegate.testing.LossyRelay;
import io.staplegate.testing.LossyRelay.Direction;
import io.staplegate.testing.LossyRelay.Fate;
import io.staplegate.testing.LossyRelay.Weather;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Handshakes through a network that loses, reorders and doubles datagrams: each mishap the same at every run. */
class LossTest {
    /** Cases that run at once: most of a case is waiting for a timer. */
    private static final int AT_ONCE = 30;

    /** Handshakes for each rate of random loss. */
    private static final int HANDSHAKES = 20;

    @TempDir
    static Path folder;

    private static DtlsServer server;

    @BeforeAll
    static void start() throws Exception {
        server = DtlsServer.in(folder, "retransmit: 200ms").start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyHandshakeSurvivesWhatBefallsIt(DtlsClient client) throws Exception {
        List<Mishap> mishaps = Mishap.ofEachKind(datagramsOf(client));
        assertThat(failures(mishaps, mishap -> exchange(client, mishap))).isEmpty();
    }

    @Test
    void mostHandshakesSurviveRandomLoss() throws Exception {
        List<RandomLoss> networks = IntStream.of(10, 20, 30)
                .boxed()
                .flatMap(percent -> IntStream.range(0, HANDSHAKES).mapToObj(seed -> new RandomLoss(percent, seed)))
                .toList();
        Set<RandomLoss> completed = ConcurrentHashMap.newKeySet();
        failures(networks, network -> {
            connect(network);
            completed.add(network);
        });
        Map<Integer, Long> rates = completed.stream().collect(groupingBy(RandomLoss::percent, counting()));
        System.out.println("handshakes of " + HANDSHAKES + " that completed, by loss in percent each way: " + rates);
        assertThat(rates.get(10)).isGreaterThanOrEqualTo(HANDSHAKES * 9L / 10);
    }

    /** Loses so many of a hundred each way; the seed decides which. */
    private record RandomLoss(int percent, int seed) implements Weather {
        @Override
        public Fate fate(Direction direction, int number, byte[] datagram) {
            var dice = new Random(Objects.hash(seed, percent, direction.name(), number) * 0x9E3779B97F4A7C15L);
            return dice.nextInt(100) < percent ? Fate.LOSE : Fate.PASS;
        }
    }

    private static void connect(Weather weather) throws Exception {
        try (LossyRelay relay = LossyRelay.before(server.port(), weather);
                ScandiumDevice device = ScandiumDevice.trusting(
                                server.pki().root().certificate())
                        .retransmittingAfter(Duration.ofMillis(500))
                        .before(relay.port())) {
            device.connect(Duration.ofSeconds(60));
        }
    }

    /** Every datagram of an undisturbed handshake. */
    private static List<Place> datagramsOf(DtlsClient client) throws Exception {
        try (LossyRelay relay = LossyRelay.calmBefore(server.port())) {
            client.talk(server, relay.port());
            return Stream.of(Direction.values())
                    .flatMap(direction -> IntStream.rangeClosed(1, handshakeDatagrams(relay.seen(direction)))
                            .mapToObj(number -> new Place(direction, number)))
                    .toList();
        }
    }

    private static int handshakeDatagrams(List<byte[]> datagrams) {
        return (int) datagrams.stream().filter(Mishap::isHandshake).count();
    }

    private static void exchange(DtlsClient client, Weather weather) throws Exception {
        try (LossyRelay relay = LossyRelay.before(server.port(), weather)) {
            client.talk(server, relay.port());
        }
    }

    private interface Case<T> {
        void run(T input) throws Exception;
    }

    /** Runs a case for each input, several at once, and returns what failed, and how. */
    private static <T> List<String> failures(List<T> inputs, Case<T> one) throws Exception {
        try (ExecutorService several = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Callable<String>> cases = inputs.stream()
                    .<Callable<String>>map(input -> () -> {
                        try {
                            one.run(input);
                            return "";
                        } catch (Exception | AssertionError e) {
                            return input + ": " + e;
                        }
                    })
                    .toList();
            return several.invokeAll(cases).stream()
                    .map(Future::resultNow)
                    .filter(outcome -> !outcome.isEmpty())
                    .toList();
        }
    }
}
