package io.staplegate.fetch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.fetch.Fetched.Outcome;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many requests are under way, and how they end when the client does. */
@Timeout(20)
final class ConcurrencyTest {
    private static final byte[] REQUEST = {0x30, 1, 2, 3};
    private static final byte[] ANSWER = {0x30, 3, 0x0a, 1, 0};
    private static final int SILENT = 15;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostUnderWay = new AtomicInteger();
    private volatile boolean slow;

    /** What silent responders have done before. */
    @FunctionalInterface
    private interface Greeting {
        void with(ResponderClient client, RawServer... silent) throws InterruptedException;
    }

    @AfterEach
    void close() {
        gate.countDown();
        callers.shutdownNow();
    }

    @Test
    void noResponderIsAskedMoreOftenAtATimeThanConfigured() throws Exception {
        try (ResponderClient client = new ResponderClient(
                        Ocsp.atMost(10, 2), InstantSource.system(), new Telemetry(InstantSource.system()));
                RawServer server = new RawServer(this::answerOnceTheGateOpens)) {
            greet(client, server);
            List<Future<Fetched>> all = fetch(client, server, 6);
            await().until(() -> underWay.get() == 2);
            gate.countDown();

            for (Future<Fetched> one : all) {
                assertThat(one.get(10, SECONDS)).isInstanceOf(Fetched.Body.class);
            }
            assertThat(mostUnderWay).hasValue(2);
        }
    }

    @Test
    void allRespondersTogetherAreAskedNoMoreOftenAtATimeThanConfigured() throws Exception {
        try (ResponderClient client = new ResponderClient(
                        Ocsp.atMost(3, 2), InstantSource.system(), new Telemetry(InstantSource.system()));
                RawServer one = new RawServer(this::answerOnceTheGateOpens);
                RawServer other = new RawServer(this::answerOnceTheGateOpens)) {
            greet(client, one, other);
            List<Future<Fetched>> all = fetch(client, one, 4);
            all.addAll(fetch(client, other, 4));
            await().until(() -> underWay.get() == 3);
            gate.countDown();

            for (Future<Fetched> each : all) {
                assertThat(each.get(10, SECONDS)).isInstanceOf(Fetched.Body.class);
            }
            assertThat(mostUnderWay).hasValue(3);
        }
    }

    @Test
    void oneSlowResponderDoesNotDelayAnother() throws Exception {
        try (ResponderClient client = new ResponderClient(
                        Ocsp.atMost(3, 2), InstantSource.system(), new Telemetry(InstantSource.system()));
                RawServer server = new RawServer(this::answerOnceTheGateOpens);
                RawServer fast = new RawServer(RawServer.answering("200 OK", ANSWER))) {
            greet(client, server);
            List<Future<Fetched>> waiting = fetch(client, server, 50);
            await().until(() -> underWay.get() == 2);

            for (int i = 0; i < 20; i++) {
                assertThat(client.fetch(fast.url(), REQUEST)).isInstanceOf(Fetched.Body.class);
            }
            assertThat(waiting).noneMatch(Future::isDone);
        }
    }

    @Test
    void respondersThatSwallowRequestsFromTheBeginningTakeOnePlaceEach() throws Exception {
        slow = true;
        assertThatOthersGoOn(SILENT, (_, _) -> {});
    }

    @Test
    void respondersThatFallSilentTogetherLeaveAPlaceForOthers() throws Exception {
        assertThatOthersGoOn(31, this::greet);
    }

    /** So many responders that never answer, each asked more often than it has places, and one that does. */
    private void assertThatOthersGoOn(int placesTaken, Greeting before) throws Exception {
        List<RawServer> servers = new ArrayList<>();
        try (ResponderClient client = new ResponderClient(
                        Ocsp.config(), InstantSource.system(), new Telemetry(InstantSource.system()));
                RawServer fast = new RawServer(RawServer.answering("200 OK", ANSWER))) {
            for (int i = 0; i < SILENT; i++) {
                servers.add(new RawServer(this::answerOnceTheGateOpens));
            }
            before.with(client, servers.toArray(RawServer[]::new));
            for (RawServer server : servers) {
                fetch(client, server, 10);
            }
            await().until(() -> underWay.get() == placesTaken);

            for (int i = 0; i < 20; i++) {
                assertThat(client.fetch(fast.url(), REQUEST)).isInstanceOf(Fetched.Body.class);
            }
            assertThat(underWay).hasValue(placesTaken);
        } finally {
            for (RawServer server : servers) {
                server.close();
            }
        }
    }

    @Test
    void whoeverWaitsForAResponderThatGoesDownIsToldAtOnce() throws Exception {
        CountDownLatch down = new CountDownLatch(1);
        try (ResponderClient client = new ResponderClient(
                        Ocsp.config(), InstantSource.system(), new Telemetry(InstantSource.system()));
                RawServer server = new RawServer((_, out) -> {
                    down.await();
                    RawServer.write(out, "503 Service Unavailable", new byte[0]);
                })) {
            List<Future<Fetched>> all = fetch(client, server, 100);
            await().until(() -> !server.requests().isEmpty());
            down.countDown();

            int givenUp = 0;
            for (Future<Fetched> one : all) {
                givenUp += one.get(10, SECONDS) instanceof Fetched.Failure failure && !failure.wasAsked() ? 1 : 0;
            }
            assertThat(server.requests()).hasSizeBetween(3, 10);
            assertThat(givenUp).isEqualTo(100 - server.requests().size());
            assertThat(client.circuits().isOpen(server.url())).isTrue();
        }
    }

    @Test
    void closingEndsWhatIsUnderWayAndWhatWaits() throws Exception {
        ResponderClient client =
                new ResponderClient(Ocsp.atMost(3, 2), InstantSource.system(), new Telemetry(InstantSource.system()));
        try (RawServer server = new RawServer(this::answerOnceTheGateOpens)) {
            greet(client, server);
            List<Future<Fetched>> all = fetch(client, server, 6);
            await().until(() -> underWay.get() == 2);

            client.close();

            for (Future<Fetched> one : all) {
                assertThat(one.get(10, SECONDS))
                        .isInstanceOfSatisfying(
                                Fetched.Failure.class,
                                it -> assertThat(it.outcome()).isEqualTo(Outcome.INTERRUPTED));
            }
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void anInterruptedCallerGivesItsPlaceBack() throws Exception {
        try (ResponderClient client = new ResponderClient(
                        Ocsp.atMost(1, 1), InstantSource.system(), new Telemetry(InstantSource.system()));
                RawServer server = new RawServer(this::answerOnceTheGateOpens);
                RawServer fast = new RawServer(RawServer.answering("200 OK", ANSWER))) {
            slow = true;
            List<Future<Fetched>> all = fetch(client, server, 3);
            await().until(() -> underWay.get() == 1);

            all.forEach(one -> one.cancel(true));

            assertThat(client.fetch(fast.url(), REQUEST)).isInstanceOf(Fetched.Body.class);
        }
    }

    @Test
    void aClosedClientLeavesNoThreadBehind() throws Exception {
        Set<Thread> others = clientThreads();
        ResponderClient client =
                new ResponderClient(Ocsp.config(), InstantSource.system(), new Telemetry(InstantSource.system()));
        try (RawServer fast = new RawServer(RawServer.answering("200 OK", ANSWER))) {
            client.fetch(fast.url(), REQUEST);
        }
        Set<Thread> ours = clientThreads();
        ours.removeAll(others);
        assertThat(ours).isNotEmpty();

        client.close();

        await().until(() -> ours.stream().noneMatch(Thread::isAlive));
    }

    private List<Future<Fetched>> fetch(ResponderClient client, RawServer server, int times) {
        List<Future<Fetched>> all = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            all.add(callers.submit(() -> client.fetch(server.url(), REQUEST)));
        }
        return all;
    }

    /** Lets a responder answer once, as one that may have more than one place has done. */
    private void greet(ResponderClient client, RawServer... servers) throws InterruptedException {
        slow = false;
        for (RawServer server : servers) {
            assertThat(client.fetch(server.url(), REQUEST)).isInstanceOf(Fetched.Body.class);
        }
        underWay.set(0);
        mostUnderWay.set(0);
        slow = true;
    }

    private void answerOnceTheGateOpens(RawServer.Request request, OutputStream out)
            throws IOException, InterruptedException {
        mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        if (slow) {
            gate.await();
        }
        underWay.decrementAndGet();
        RawServer.write(out, "200 OK", ANSWER);
    }

    private static Set<Thread> clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("HttpClient-"))
                .collect(Collectors.toSet());
    }
}
