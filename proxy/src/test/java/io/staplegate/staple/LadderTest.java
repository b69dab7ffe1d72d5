package io.staplegate.staple;

import static io.staplegate.staple.Site.START;
import static io.staplegate.staple.Site.VALIDITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.IdentityConfig;
import io.staplegate.config.IdentityConfig.StatusScope;
import io.staplegate.demo.OcspReply;
import io.staplegate.demo.StatusBook;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.identity.Identity;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.telemetry.Telemetry.Rung;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.FaultyResponder;
import io.staplegate.testing.ResponseVariant;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whom a look asks, on which rung it ends, and what an operator sees of that. */
@Timeout(60)
final class LadderTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path state;

    private final TestClock clock = new TestClock(START);
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private Site site;
    private FaultyResponder first;
    private FaultyResponder second;
    private FaultyResponder upstream;
    private Staples staples;
    private Identity identity;

    @BeforeEach
    void open() throws IOException {
        site = new Site(clock);
        first = FaultyResponder.start(site.book);
        second = FaultyResponder.start(site.book);
        upstream = FaultyResponder.start(site.book);
        staples = site.room(state, settings -> settings.upstream(upstream.url()));
        identity = site.identity(config("gateway"), site.leaf("gateway").responders(first.url(), second.url()));
    }

    @AfterEach
    void close() {
        staples.close();
        upstream.close();
        second.close();
        first.close();
        site.close();
    }

    @Test
    void theFirstResponderIsTheOnlyOneAskedWhereItAnswersInTime() throws Exception {
        staples.start(List.of(identity));

        assertRung("responder");
        assertThat(first.seen()).hasSize(1);
        assertThat(second.seen()).isEmpty();
        assertThat(upstream.seen()).isEmpty();
    }

    @Test
    void aSilentResponderIsOvertakenByTheNextAndItsRequestIsCancelled() throws Exception {
        first.behave(silentUntilCancelled());
        staples.start(List.of(identity));

        assertRung("next_responder");
        cancelled.await();
        assertThat(first.seen()).hasSize(1);
        assertThat(second.seen()).hasSize(1);
        assertThat(upstream.seen()).isEmpty();
    }

    @Test
    void aResponderIsHeldAgainstItsOwnRecentPace() throws Exception {
        first.behave(Behaviour.delayed(Duration.ofMillis(900), Behaviour.honest()));
        staples.start(List.of(identity));
        assertThat(second.seen()).isEmpty();

        recently(first, Duration.ofMillis(5));
        clock.move(HOUR);
        staples.refresh("gateway");

        assertRung("next_responder");
        assertThat(first.seen()).hasSize(2);
        assertThat(second.seen()).hasSize(1);
    }

    @Test
    void aResponderThatIsAlwaysSlowIsGivenItsTime() throws Exception {
        recently(first, Duration.ofSeconds(3));
        first.behave(Behaviour.delayed(Duration.ofMillis(1_500), Behaviour.honest()));
        staples.start(List.of(identity));

        assertRung("responder");
        assertThat(second.seen()).isEmpty();
    }

    @Test
    void waitingForAPlaceIsNotTheRespondersFault() throws Exception {
        recently(first, Duration.ofSeconds(1));
        first.behave(Behaviour.delayed(Duration.ofMillis(300), Behaviour.honest()));
        List<Identity> many = IntStream.range(0, 40)
                .mapToObj(number -> "device-" + number)
                .map(name -> site.identity(config(name), site.leaf(name).responders(first.url(), second.url())))
                .toList();

        staples.start(many);

        assertThat(staples.view()).extracting(StapleView::rung).containsOnly("responder", null);
        assertThat(first.seen()).hasSize(40);
        assertThat(second.seen()).isEmpty();
    }

    @Test
    void aSilentResponderIsKnownToBeDownAlthoughOthersAnswerForIt() throws Exception {
        first.behave(Behaviour.silent());
        long begun = System.nanoTime();
        staples.start(List.of(identity));
        staples.refresh("gateway");
        staples.refresh("gateway");

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
        String responder = ResponderClient.hostPort(first.url());
        assertThat(site.telemetry.scrape("text/plain"))
                .contains("staplegate_responder_circuit_open{responder=\"" + responder + "\"} 1.0")
                .contains("outcome=\"cancelled\",responder=\"" + responder + "\"");
    }

    @Test
    void aResponderThatIsDownIsPassedOver() throws Exception {
        try (ResponderClient client = client()) {
            takeDown(client, first);

            Finding finding = climb(client);

            assertThat(finding)
                    .isInstanceOfSatisfying(
                            Finding.Answer.class,
                            answer -> assertThat(answer.rung()).isEqualTo(Rung.NEXT_RESPONDER));
            assertThat(first.seen()).isEmpty();
        }
    }

    @Test
    void whereAllAreDownNobodyIsAskedUntilAProbeIsDue() throws Exception {
        try (ResponderClient client = client()) {
            for (FaultyResponder responder : List.of(first, second, upstream)) {
                takeDown(client, responder);
            }

            assertThat(climb(client)).isInstanceOf(Finding.Unasked.class);
            assertThat(first.seen()).isEmpty();
            assertThat(second.seen()).isEmpty();
            assertThat(upstream.seen()).isEmpty();

            clock.move(Duration.ofMinutes(1));
            assertThat(climb(client))
                    .isInstanceOfSatisfying(
                            Finding.Answer.class,
                            answer -> assertThat(answer.rung()).isEqualTo(Rung.RESPONDER));
            assertThat(client.circuits().isOpen(first.url())).isFalse();
        }
    }

    @Test
    void aLookThatAskedNobodyIsNoFailure() {
        Finding unasked = new Finding.Unasked(first.url());

        Knowledge knowledge = Knowledge.NOTHING
                .with(Answers.found(Answers.good(START, VALIDITY)), START)
                .with(unasked, START);

        assertThat(knowledge.failures()).isZero();
        assertThat(knowledge.lastError()).contains("was not asked");
        assertThat(knowledge.rung(true)).isEqualTo("last_good");
    }

    @Test
    void whereTheFirstFailsTheNextIsAskedAtOnce() throws Exception {
        FaultyResponder dead = FaultyResponder.start(site.book);
        dead.close();
        recently(dead, Duration.ofSeconds(3));
        identity = site.identity(config("gateway"), site.leaf("gateway").responders(dead.url(), second.url()));
        long begun = System.nanoTime();
        staples.start(List.of(identity));

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
        assertRung("next_responder");
        assertThat(row().lastError()).isNull();
    }

    @Test
    void anAnswerThatIsNoNewsLetsTheNextResponderTell() throws Exception {
        first.behave(statedAt(START));
        staples.start(List.of(identity));
        assertThat(second.seen()).isEmpty();

        clock.move(HOUR);
        staples.refresh("gateway");

        assertRung("next_responder");
        assertThat(row().thisUpdate()).isEqualTo(clock.instant());
    }

    @Test
    void ofSeveralAnswersTheNewestCounts() throws Exception {
        staples.start(List.of(identity));
        first.behave(statedAt(START.minus(HOUR)));
        second.behave(statedAt(START));
        staples.refresh("gateway");

        assertThat(row().thisUpdate()).isEqualTo(START);
        assertRung("next_responder");
        assertThat(upstream.seen()).isEmpty();
    }

    @Test
    void aResponderThatRefusesGetIsAskedByPost() throws Exception {
        first.behave(exchange -> {
            boolean get = exchange.request().method().equals("GET");
            (get ? Behaviour.status(405) : Behaviour.honest()).answer(exchange);
        });
        staples.start(List.of(identity));

        assertRung("other_method");
        assertThat(second.seen()).isEmpty();
    }

    @Test
    void aResponderThatInsistsOnTheOtherHashIsAskedWithIt() throws Exception {
        first.behave(exchange -> {
            boolean sha1 = exchange.request().ocsp().length < 90;
            (sha1 ? Behaviour.responding(ResponseVariant.UNAUTHORIZED) : Behaviour.honest()).answer(exchange);
        });
        staples.start(List.of(identity));

        assertRung("other_hash");
        assertThat(second.seen()).isEmpty();
    }

    @Test
    void theUpstreamIsAskedWhereNoResponderHasAnAnswer() throws Exception {
        first.behave(Behaviour.status(503));
        second.behave(ResponseVariant.TRY_LATER);
        staples.start(List.of(identity));

        assertRung("upstream");
        assertThat(row().lastError()).isNull();
        assertThat(upstream.seen()).hasSize(1);
    }

    @Test
    void theUpstreamStandsInForTheResponderThatACertificateDoesNotName() throws Exception {
        Identity plain = site.identity(config("plain"), site.leaf("plain").responders());
        staples.start(List.of(plain));

        assertThat(staples.current(plain).staples().getFirst()).isNotNull();
        assertRung("upstream");
        assertThat(row().responder()).isEqualTo(upstream.url().toString());
        assertThat(row().nextRefresh()).isAfterOrEqualTo(START.plus(VALIDITY.dividedBy(2)));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"HONEST", "BY_NAME", "DELEGATED", "REVOKED"})
    void theUpstreamIsTrustedNoMoreThanAnyResponder(ResponseVariant fault) throws Exception {
        upstream.behave(fault);
        Identity plain = site.identity(config("plain"), site.leaf("plain").responders());
        staples.start(List.of(plain));

        assertThat(staples.current(plain).staples()).containsOnlyNulls();
        assertRung("nothing");
        assertThat(row().lastError()).isNotBlank();
    }

    @Test
    void theRespondersOwnTroubleIsWhatIsShownWhereTheUpstreamHasNoAnswerEither() throws Exception {
        first.behave(Behaviour.status(503));
        second.behave(Behaviour.status(503));
        upstream.behave(ResponseVariant.UNAUTHORIZED);
        staples.start(List.of(identity));

        assertRung("nothing");
        assertThat(row().lastError()).contains("503");
    }

    @Test
    void whatIsHeldStaysWhereNobodyAnswersAndThenThereIsNothing() throws Exception {
        staples.start(List.of(identity));
        for (FaultyResponder responder : List.of(first, second, upstream)) {
            responder.behave(Behaviour.status(503));
        }
        staples.refresh("gateway");
        assertThat(row().rung()).isEqualTo("last_good");
        assertThat(looksOn("last_good")).isEqualTo("1.0");

        clock.move(VALIDITY);
        staples.refresh("gateway");
        assertRung("nothing");
    }

    @Test
    void whatTheDiskHasIsStoredUntilAResponderGivesTheSame() throws Exception {
        first.behave(statedAt(START));
        second.behave(statedAt(START));
        staples.start(List.of(identity));
        staples.close();

        staples = site.room(state);
        staples.start(List.of(identity));
        assertThat(row().rung()).isEqualTo("stored");

        staples.refresh("gateway");
        assertThat(row().rung()).isEqualTo("responder");
    }

    @Test
    void whereNoStapleIsWantedThereIsNoRung() throws Exception {
        staples.start(List.of(identity));

        assertThat(staples.view()).extracting(StapleView::rung).containsExactly("responder", null);
    }

    @Test
    void aStopCancelsAllThatIsUnderWay() throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        CountDownLatch ended = new CountDownLatch(2);
        for (FaultyResponder responder : List.of(first, second)) {
            responder.behave(exchange -> {
                exchange.context().channel().closeFuture().addListener(_ -> ended.countDown());
                asked.countDown();
            });
        }
        Thread starter = Thread.startVirtualThread(() -> {
            try {
                staples.start(List.of(identity));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        asked.await();

        staples.close();

        ended.await();
        starter.join();
        assertThat(upstream.seen()).isEmpty();
    }

    private ResponderClient client() {
        return new ResponderClient(Site.ocsp(Site.Settings.USUAL), clock, site.telemetry);
    }

    private static void takeDown(ResponderClient client, FaultyResponder responder) {
        while (!client.circuits().isOpen(responder.url())) {
            client.circuits().failed(responder.url());
        }
    }

    private Finding climb(ResponderClient client) throws InterruptedException {
        OcspValidator validator = new OcspValidator(Duration.ofMinutes(5), null);
        Inquiry inquiry = new Inquiry(client, validator, CertIdHash.SHA1, clock);
        StapleTarget target = Objects.requireNonNull(StapleTarget.of(identity, 0, upstream.url()));
        return new Ladder(inquiry, client, new OutageLog(), clock).climb(target, false, _ -> true);
    }

    private static IdentityConfig config(String name) {
        return Site.with(Site.config(name), StatusScope.LEAF);
    }

    /** A responder has taken so long for each of many requests. */
    private void recently(FaultyResponder responder, Duration took) {
        String name = ResponderClient.hostPort(responder.url());
        IntStream.range(0, 100).forEach(_ -> site.telemetry.responderRequested(name, "ok", took));
    }

    private Behaviour silentUntilCancelled() {
        return exchange -> exchange.context().channel().closeFuture().addListener(_ -> cancelled.countDown());
    }

    /** An answer about what was asked, made at a moment. */
    private static Behaviour statedAt(Instant thisUpdate) {
        UnaryOperator<OcspReply> change = reply -> reply.valid(thisUpdate, thisUpdate.plus(VALIDITY));
        return exchange -> {
            OcspReply honest = StatusBook.asked(exchange.request().ocsp())
                    .flatMap(exchange.book()::reply)
                    .orElseThrow();
            Behaviour.responding(change.apply(honest).encode()).answer(exchange);
        };
    }

    /** The rung that the first certificate shows, and that the last look of all was counted on. */
    private void assertRung(String rung) {
        assertThat(row().rung()).isEqualTo(rung);
        assertThat(looksOn(rung)).isNotEqualTo("0.0");
    }

    private String looksOn(String rung) {
        String series = "staplegate_refreshes_by_rung_total{rung=\"" + rung + "\"} ";
        return site.telemetry
                .scrape("text/plain")
                .lines()
                .filter(line -> line.startsWith(series))
                .map(line -> line.substring(series.length()))
                .findFirst()
                .orElse("none");
    }

    private StapleView row() {
        return staples.view().getFirst();
    }
}
