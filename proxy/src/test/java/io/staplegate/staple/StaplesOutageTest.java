package io.staplegate.staple;

import static io.staplegate.staple.Site.START;
import static io.staplegate.staple.Site.VALIDITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.IdentityConfig.StatusScope;
import io.staplegate.demo.StatusBook;
import io.staplegate.identity.Identity;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.FaultyResponder;
import io.staplegate.testing.LogLines;
import io.staplegate.testing.ResponseVariant;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What many certificates do together while their responder is down, and when it is back. */
@Timeout(60)
final class StaplesOutageTest {
    private static final int MANY = 20;
    private static final Duration PACE = Site.Settings.USUAL.pace();
    /** A probe is due after it; no jump of the clock. */
    private static final Duration A_PROBE = Duration.ofSeconds(34);

    @TempDir
    private Path state;

    private final TestClock clock = new TestClock(START);
    private final List<BigInteger> asked = new CopyOnWriteArrayList<>();
    private Site site;
    private Staples staples;
    private List<Identity> identities;

    @BeforeEach
    void open() throws IOException {
        site = new Site(clock);
        staples = site.room(state);
        identities = IntStream.range(0, MANY)
                .mapToObj(number -> leafOnly("device-" + number))
                .toList();
    }

    @AfterEach
    void close() {
        staples.close();
        site.close();
    }

    @Test
    void aResponderThatIsDownIsProbedByOneCertificateAtATimeEachInTurn() throws Exception {
        breakDown(Behaviour.status(503));
        for (int probe = 1; probe <= 5; probe++) {
            probeOnce();
        }
        Set<BigInteger> probers = new HashSet<>(asked.subList(asked.size() - 5, asked.size()));
        assertThat(probers).hasSize(5);
        assertThat(site.openCircuits()).isEqualTo(1);
    }

    @Test
    void whenItIsBackEverybodyHasAStapleThoughEachWouldHaveWaitedLonger() throws Exception {
        try (LogLines log = new LogLines(OutageLog.class)) {
            breakDown(Behaviour.status(503));
            probeOnce();
            probeOnce();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN responder gives no usable answer [")
                    .contains("heldUntil=\"nothing is held\"");

            site.responder().behave(Behaviour.honest());
            clock.move(A_PROBE);

            awaitAllStapled();
            assertThat(log.lines()).hasSize(2).last().asString().startsWith("INFO responder answers again");
            assertThat(site.openCircuits()).isEqualTo(0);
        }
    }

    @Test
    void aStapleIsKeptThroughAnOutageAndRenewedAfterIt() throws Exception {
        staples.start(identities);
        awaitAllStapled();
        try (LogLines log = new LogLines(OutageLog.class)) {
            site.responder().behave(Behaviour.reset());
            clock.move(VALIDITY.multipliedBy(5).dividedBy(8));
            await().until(() -> site.openCircuits() == 1);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("heldUntil=\"" + START.plus(VALIDITY).minus(Site.LEEWAY) + "\"");
            assertThat(leaves()).allSatisfy(row -> assertThat(row.status()).isEqualTo("good"));

            site.responder().behave(Behaviour.honest());
            clock.move(A_PROBE);
            await().untilAsserted(() -> assertThat(leaves())
                    .allSatisfy(row -> assertThat(row.thisUpdate()).isEqualTo(clock.instant())));
        }
    }

    @Test
    void anOperatorWhoAsksForARefreshNeedsNoProbe() throws Exception {
        breakDown(Behaviour.status(503));
        site.responder().behave(Behaviour.honest());

        staples.refresh("device-7");

        awaitAllStapled();
        assertThat(site.openCircuits()).isEqualTo(0);
    }

    @Test
    void aClockThatIsSetEndsEveryCircuit() throws Exception {
        breakDown(Behaviour.status(503));
        site.responder().behave(Behaviour.honest());

        clock.move(Duration.ofDays(-1));

        awaitAllStapled();
        assertThat(site.openCircuits()).isEqualTo(0);
    }

    @Test
    void aLookThatNobodyIsAskedForIsNoFailure() throws Exception {
        breakDown(Behaviour.status(503));
        int requests = asked.size();
        clock.move(Duration.ofSeconds(20));
        assertNobodyIsAsked();

        assertThat(site.failedLooks()).isEqualTo(requests);
    }

    @Test
    void theViewTellsWhyACertificateThatIsAddedInAnOutageHasNoStaple() throws Exception {
        breakDown(Behaviour.status(503));
        int requests = asked.size();
        Identity late = leafOnly("late");
        List<Identity> all = new ArrayList<>(identities);
        all.add(late);

        assertThat(staples.retarget(all)).isTrue();

        await().untilAsserted(() -> assertThat(leaves())
                .filteredOn(row -> row.identity().equals("late"))
                .singleElement()
                .extracting(StapleView::lastError)
                .asString()
                .contains("was not asked: it gives nobody an answer at present"));
        assertThat(asked).hasSize(requests);
    }

    @Test
    void aCertificateThatIsNeverAnsweredDoesNotKeepTheOthersWaiting() throws Exception {
        breakDown(Behaviour.status(503));
        // The one that is never answered is the first to probe. The next probe is another's.
        AtomicReference<BigInteger> cursed = new AtomicReference<>();
        Behaviour error = Behaviour.responding(ResponseVariant.INTERNAL_ERROR);
        site.responder().behave(exchange -> {
            cursed.compareAndSet(null, serial(exchange));
            boolean isCursed = serial(exchange).equals(cursed.get());
            (isCursed ? error : Behaviour.honest()).answer(exchange);
        });
        clock.move(A_PROBE);
        await().until(() -> leaves().stream()
                .anyMatch(row -> String.valueOf(row.lastError()).contains("internalError")));
        assertThat(stapled()).isZero();
        clock.move(A_PROBE);

        await().until(() -> stapled() == MANY - 1);
    }

    @Test
    void aResponderThatAsksForTimeGetsAMinuteFromEverybodyWhoHasNothing() throws Exception {
        site.responder().behave(recorded(Behaviour.retryAfter(503, Duration.ofMinutes(10))));
        staples.start(identities);
        awaitOutage();
        assertThat(asked).hasSizeLessThan(10);

        for (int minute = 0; minute < 5; minute++) {
            clock.move(Duration.ofSeconds(54));
            assertNobodyIsAsked();
            int before = asked.size();
            clock.move(Duration.ofSeconds(8));
            await().during(PACE.multipliedBy(5)).until(() -> asked.size() == before + 1);
            awaitAllFailed();
        }
        site.responder().behave(Behaviour.honest());
        clock.move(Duration.ofSeconds(62));
        awaitAllStapled();
    }

    @Test
    void aResponderThatAsksForTimeDoesNotGetMoreThanHalfOfWhatIsLeft() throws Exception {
        staples.start(identities);
        awaitAllStapled();
        clock.set(START.plus(VALIDITY).minus(Duration.ofSeconds(205)));
        site.responder().behave(recorded(Behaviour.retryAfter(429, Duration.ofHours(1))));
        awaitOutage();

        clock.move(Duration.ofSeconds(58));
        assertNobodyIsAsked();
        site.responder().behave(Behaviour.honest());
        clock.move(Duration.ofSeconds(43));

        await().untilAsserted(() -> assertThat(leaves())
                .allSatisfy(row -> assertThat(row.thisUpdate()).isEqualTo(clock.instant())));
    }

    @Test
    void aFirstResponderThatIsDownIsProbedAsideWhileTheSecondAnswers() throws Exception {
        try (FaultyResponder first = FaultyResponder.start(site.book)) {
            List<BigInteger> askedFirst = new CopyOnWriteArrayList<>();
            first.behave(exchange -> {
                askedFirst.add(serial(exchange));
                Behaviour.status(503).answer(exchange);
            });
            URI second = site.responder().url();
            List<Identity> both = identities.stream()
                    .map(one -> site.identity(Site.respondedBy(one.config(), first.url(), second), one.leaf()))
                    .toList();
            staples.start(both);
            identities = both;
            awaitAllStapled();
            assertThat(site.openCircuits()).isEqualTo(1);
            int requests = site.responder().seen().size();
            int failures = askedFirst.size();

            clock.move(A_PROBE);
            await().during(PACE.multipliedBy(5)).until(() -> askedFirst.size() == failures + 1);
            first.behave(Behaviour.honest());
            clock.move(A_PROBE);

            await().until(() -> site.openCircuits() == 0);
            assertThat(site.responder().seen()).hasSize(requests);
            assertThat(leaves()).allSatisfy(row -> assertThat(row.lastError()).isNull());
        }
    }

    @Test
    void tenRespondersThatSwallowRequestsDoNotDelayAHealthyOne() throws Exception {
        List<FaultyResponder> silent = new ArrayList<>();
        try (Staples room = site.room(state.resolve("ten"), settings -> settings.patience(Duration.ofMillis(1)))) {
            List<Identity> all = new ArrayList<>();
            for (int number = 0; number < 10; number++) {
                FaultyResponder one = FaultyResponder.start(site.book).behave(Behaviour.silent());
                silent.add(one);
                identities.forEach(identity ->
                        all.add(site.identity(Site.respondedBy(identity.config(), one.url()), site.leaf("slow"))));
            }
            all.addAll(identities);
            room.start(all);

            await().until(() -> identities.stream()
                    .allMatch(identity -> room.current(identity).staples().getFirst() != null));
            assertThat(silent).allSatisfy(one -> assertThat(one.seen()).hasSize(1));
        } finally {
            silent.forEach(FaultyResponder::close);
        }
    }

    /** Starts with the responder broken. */
    private void breakDown(Behaviour fault) throws Exception {
        site.responder().behave(recorded(fault));
        staples.start(identities);
        awaitOutage();
        assertThat(asked).hasSizeBetween(3, 10);
    }

    /** Until nobody asks any more, and all failures are known. */
    private void awaitOutage() {
        await().until(() -> site.openCircuits() == 1);
        assertNobodyIsAsked();
        awaitAllFailed();
    }

    private void probeOnce() throws Exception {
        int requests = asked.size();
        clock.move(A_PROBE);
        await().until(() -> asked.size() > requests);
        assertNobodyIsAsked();
        assertThat(asked).hasSize(requests + 1);
        awaitAllFailed();
    }

    /** Each request has failed, and its look knows: from when on the next probe is planned. */
    private void awaitAllFailed() {
        await().until(() -> site.failedLooks() == asked.size());
    }

    /** The scheduler compares its plan with the clock some times, and nobody is asked. */
    private void assertNobodyIsAsked() {
        int requests = asked.size();
        await().during(PACE.multipliedBy(5)).until(() -> asked.size() == requests);
    }

    private void awaitAllStapled() {
        await().until(() -> stapled() == MANY);
    }

    private long stapled() {
        return identities.stream()
                .filter(identity -> staples.current(identity).staples().getFirst() != null)
                .count();
    }

    private List<StapleView> leaves() {
        return staples.view().stream().filter(row -> row.position() == 0).toList();
    }

    private Identity leafOnly(String name) {
        return site.identity(Site.with(Site.config(name), StatusScope.LEAF), site.leaf(name));
    }

    private Behaviour recorded(Behaviour behaviour) {
        return exchange -> {
            asked.add(serial(exchange));
            behaviour.answer(exchange);
        };
    }

    static BigInteger serial(Behaviour.Exchange exchange) {
        return StatusBook.asked(exchange.request().ocsp()).orElseThrow().getSerialNumber();
    }
}
