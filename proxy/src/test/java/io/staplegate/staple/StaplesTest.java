package io.staplegate.staple;

import static io.staplegate.staple.Site.LEEWAY;
import static io.staplegate.staple.Site.START;
import static io.staplegate.staple.Site.VALIDITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.config.IdentityConfig.StatusScope;
import io.staplegate.demo.Issuance;
import io.staplegate.identity.Identity;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspAnswer.Status;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.FaultyResponder;
import io.staplegate.testing.LogLines;
import io.staplegate.testing.ResponseVariant;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of staples, with a real responder and a clock that is moved. */
final class StaplesTest {
    @TempDir
    private Path state;

    private final TestClock clock = new TestClock(START);
    private Site site;
    private Staples staples;

    @BeforeEach
    void open() throws IOException {
        site = new Site(clock);
        staples = site.room(state);
    }

    @AfterEach
    void close() {
        staples.close();
        site.close();
    }

    @Test
    void theFirstHandshakeAfterStartHasAStapleForEachCertificate() throws Exception {
        Identity identity = site.identity("gateway");
        staples.start(List.of(identity));

        ChainStaples current = staples.current(identity);

        assertThat(current.staples()).hasSize(2).allSatisfy(staple -> {
            assertThat(staple.answer().status()).isEqualTo(Status.GOOD);
            assertThat(staple.answer().nextUpdate()).isEqualTo(START.plus(VALIDITY));
            assertThat(staple.fetchedAt()).isEqualTo(START);
        });
        assertThat(current.leafRevoked()).isFalse();
        assertThat(staples.current(identity)).isSameAs(current);
    }

    @Test
    void theTopmostStapleIsDressedWithTheRootThatIsNotSent() throws Exception {
        Identity identity = site.identity("gateway");
        staples.start(List.of(identity));

        List<Staple> current = staples.current(identity).staples();

        assertThat(current.get(0).dressed()).isEqualTo(current.get(0).answer().der());
        assertThat(current.get(1).dressed())
                .hasSizeGreaterThan(current.get(1).answer().der().length);
    }

    @Test
    void withTheResponderStoppedAStapleStaysUntilItsEndEvenIfTheSchedulerIsStuck() throws Exception {
        try (Staples stuck = site.room(state.resolve("stuck"), Site.Settings::stuck)) {
            Identity identity = site.identity("gateway");
            stuck.start(List.of(identity));
            site.stopResponder();
            stuck.refresh(null);

            Instant end = START.plus(VALIDITY).minus(LEEWAY);
            clock.set(end.minusMillis(1));
            assertThat(stuck.current(identity).staples()).doesNotContainNull();
            clock.set(end);
            assertThat(stuck.current(identity).staples()).containsOnlyNulls();
        }
    }

    @Test
    void aStapleThatHasEndedIsAbsentInTheMetricsToo() throws Exception {
        staples.start(List.of(site.identity("gateway")));
        site.stopResponder();

        clock.move(VALIDITY);

        await().untilAsserted(() -> assertThat(site.telemetry.scrape("text/plain"))
                .doesNotContain("staplegate_staple_next_update_seconds{")
                .containsPattern("staplegate_staple_status\\{.*status=\"absent\"} 1"));
    }

    @Test
    void aStapleIsRefreshedAfterHalfItsLife() throws Exception {
        Identity identity = site.identity("gateway");
        staples.start(List.of(identity));
        ChainStaples first = staples.current(identity);

        clock.move(VALIDITY.multipliedBy(5).dividedBy(8));

        await().untilAsserted(() -> assertThat(staples.current(identity).staples())
                .allSatisfy(staple -> assertThat(staple.fetchedAt()).isEqualTo(clock.instant())));
        assertThat(staples.current(identity)).isNotSameAs(first);
    }

    @Test
    void anAnswerThatIsUnchangedAtHalfLifeIsSuccessWithASlowerSecondLook() throws Exception {
        Map<String, byte[]> first = new ConcurrentHashMap<>();
        site.responder().behave(exchange -> {
            byte[] same = first.computeIfAbsent(
                    exchange.request().uri(),
                    uri -> site.book.answer(exchange.request().ocsp()));
            Behaviour.responding(same).answer(exchange);
        });
        Identity identity = site.identity("gateway");
        staples.start(List.of(identity));
        ChainStaples before = staples.current(identity);

        clock.move(VALIDITY.multipliedBy(5).dividedBy(8));
        await().until(() -> site.responder().seen().size() == 4);
        staples.refresh("gateway");

        assertThat(staples.current(identity)).isSameAs(before);
        assertThat(staples.view()).allSatisfy(row -> {
            assertThat(row.lastError()).isNull();
            assertThat(row.nextRefresh()).isAfter(clock.instant().plus(Duration.ofHours(4)));
        });
        assertThat(site.telemetry.scrape("text/plain"))
                .contains("staplegate_staple_refreshes_total{identity=\"gateway\",outcome=\"failed\"} 0.0")
                .contains("staplegate_staple_refreshes_total{identity=\"gateway\",outcome=\"updated\"} 2.0");
    }

    @Test
    void anAnswerOfOneMinuteIsRefreshedInTime() throws Exception {
        try (Site brief = new Site(clock, Duration.ofMinutes(1));
                Staples room = brief.room(state.resolve("brief"))) {
            Identity identity = brief.identity("gateway");
            room.start(List.of(identity));

            clock.move(Duration.ofSeconds(40));

            await().untilAsserted(() -> assertThat(room.current(identity).staples())
                    .allSatisfy(
                            staple -> assertThat(staple.answer().thisUpdate()).isEqualTo(clock.instant())));
        }
    }

    @Test
    void concurrentRefreshesShareOneRequest() throws Exception {
        Identity identity = site.identity(Site.with(Site.config("gateway"), StatusScope.LEAF), site.leaf("gateway"));
        staples.start(List.of(identity));
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        site.responder().behave(exchange -> {
            asked.countDown();
            Thread.startVirtualThread(() -> {
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                Behaviour.honest().answer(exchange);
            });
        });

        List<Thread> callers = IntStream.range(0, 5)
                .mapToObj(number -> Thread.startVirtualThread(() -> {
                    try {
                        staples.refresh("gateway");
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .toList();
        asked.await();
        await().until(() -> callers.stream().allMatch(caller -> caller.getState() == Thread.State.TIMED_WAITING));
        answer.countDown();
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(site.responder().seen()).hasSize(2);
    }

    @Test
    void anIntermediateOfTwoHundredChainsIsFetchedOnceAndItsStapleShared() throws Exception {
        List<Identity> identities = IntStream.range(0, 200)
                .mapToObj(number -> site.identity("device-" + number))
                .toList();
        staples.start(identities);
        await().until(() -> identities.stream()
                .allMatch(identity -> !staples.current(identity).staples().contains(null)));

        assertThat(site.responder().seen()).hasSize(201);
        assertThat(identities.stream()
                        .map(identity -> staples.current(identity).staples().get(1)))
                .allSatisfy(staple -> assertThat(staple)
                        .isSameAs(
                                staples.current(identities.getFirst()).staples().get(1)));
    }

    @Test
    void aSilentResponderDelaysNobodyElse() throws Exception {
        try (FaultyResponder silent = FaultyResponder.start(site.book);
                Staples room =
                        site.room(state.resolve("silent"), settings -> settings.patience(Duration.ofMillis(100)))) {
            silent.behave(Behaviour.silent());
            List<Identity> slow = IntStream.range(0, 50)
                    .mapToObj(number -> Site.respondedBy(Site.config("slow-" + number), silent.url()))
                    .map(config -> site.identity(config, site.leaf("slow")))
                    .toList();
            Identity quick = site.identity("quick");
            room.start(Stream.concat(slow.stream(), Stream.of(quick)).toList());

            await().until(() -> room.current(quick).staples().getFirst() != null);
            assertThat(slow)
                    .allSatisfy(identity -> assertThat(
                                    room.current(identity).staples().getFirst())
                            .isNull());
        }
    }

    @Test
    void respondersAreAskedInOrder() throws Exception {
        try (FaultyResponder first = FaultyResponder.start(site.book)) {
            first.behave(ResponseVariant.TRY_LATER);
            Identity identity = site.identity(
                    Site.respondedBy(
                            Site.config("gateway"),
                            first.url(),
                            site.responder().url()),
                    site.leaf("gateway"));
            staples.start(List.of(identity));

            assertThat(staples.current(identity).staples()).doesNotContainNull();
            assertThat(first.seen()).hasSize(2);
            assertThat(staples.view())
                    .allSatisfy(row -> assertThat(row.lastError()).isNull());
        }
    }

    @Test
    void aResponderThatInsistsOnTheOtherHashIsAskedWithIt() throws Exception {
        site.responder().behave(exchange -> {
            boolean sha1 = exchange.request().ocsp().length < 90;
            (sha1 ? Behaviour.responding(ResponseVariant.UNAUTHORIZED) : Behaviour.honest()).answer(exchange);
        });
        Identity identity = site.identity("gateway");
        try (LogLines log = new LogLines(Inquiry.class)) {
            staples.start(List.of(identity));

            assertThat(staples.current(identity).staples())
                    .allSatisfy(staple -> assertThat(staple.answer().hashes()).containsExactly(CertIdHash.SHA256));
            assertThat(log.lines()).singleElement().asString().contains("another CertID hash");
        }
    }

    @Test
    void theConfiguredHashIsAskedWith() throws Exception {
        try (Staples room = site.room(
                state.resolve("sha256"),
                settings -> settings.hash(io.staplegate.config.OcspConfig.CertIdHash.SHA256))) {
            Identity identity = site.identity("gateway");
            room.start(List.of(identity));

            assertThat(room.current(identity).staples())
                    .allSatisfy(staple -> assertThat(staple.answer().hashes()).containsExactly(CertIdHash.SHA256));
            assertThat(site.responder().seen()).hasSize(2);
        }
    }

    @Test
    void aCertificateWithoutResponderIsANormalState() throws Exception {
        Issuance plain =
                Issuance.named("plain").valid(START, Duration.ofDays(90)).serverAuth();
        Identity identity = site.identity(Site.config("plain"), plain);
        staples.start(List.of(identity));

        assertThat(staples.current(identity).staples().get(0)).isNull();
        assertThat(staples.current(identity).staples().get(1)).isNotNull();
        assertThat(staples.ready()).isTrue();
        assertThat(staples.view().getFirst()).satisfies(row -> {
            assertThat(row.status()).isEqualTo("absent");
            assertThat(row.responder()).isNull();
            assertThat(row.nextRefresh()).isNull();
            assertThat(row.lastError()).isNull();
        });
    }

    @Test
    void anExpiredCertificateIsNotAskedAbout() throws Exception {
        Issuance expired = site.leaf("old").valid(START.minus(Duration.ofDays(30)), Duration.ofDays(29));
        Identity identity = site.identity(Site.with(Site.config("old"), StatusScope.LEAF), expired);
        staples.start(List.of(identity));
        staples.refresh("old");

        assertThat(site.responder().seen()).isEmpty();
        assertThat(staples.view().getFirst().nextRefresh()).isNull();
    }

    @Test
    void scopeAndSwitchDecideWhichCertificatesAreStapled() throws Exception {
        Identity leaf = site.identity(Site.with(Site.config("leaf"), StatusScope.LEAF), site.leaf("leaf"));
        Identity off = site.identity(Site.with(Site.config("off"), Stapling.OFF), site.leaf("off"));
        staples.start(List.of(leaf, off));

        assertThat(staples.current(leaf).staples().get(0)).isNotNull();
        assertThat(staples.current(leaf).staples().get(1)).isNull();
        assertThat(staples.current(off).staples()).containsOnlyNulls();
        assertThat(site.responder().seen()).hasSize(1);
    }

    @Test
    void whoeverIsNotServedHasNoStaples() throws Exception {
        staples.start(List.of());

        assertThat(staples.current(site.identity("stranger")).staples())
                .hasSize(2)
                .containsOnlyNulls();
        assertThat(staples.refresh("stranger")).isFalse();
        assertThat(staples.refresh(null)).isTrue();
    }

    @Test
    void ofTwoCertificatesWithOneSerialTheMetricsTellOfTheLeaf() throws Exception {
        BigInteger serial = site.intermediate.certificate().getSerialNumber();
        Issuance silent = Issuance.named("same")
                .valid(START.minus(Duration.ofDays(1)), Duration.ofDays(90))
                .serial(serial);
        staples.start(List.of(site.identity(Site.config("same"), silent)));
        clock.move(Duration.ofHours(1));
        staples.refresh(null);

        assertThat(staples.view()).extracting(StapleView::status).containsExactly("absent", "good");
        assertThat(site.telemetry.scrape("text/plain"))
                .containsPattern("status=\"absent\"} 1")
                .doesNotContain("next_update_seconds{");
    }

    @Test
    void anOperatorSeesWhatIsHeld() throws Exception {
        Issuance leaf = site.leaf("gateway").serial(new BigInteger("0a1b2c", 16));
        staples.start(List.of(site.identity(Site.config("gateway"), leaf)));

        URI responder = site.responder().url();
        assertThat(staples.view()).hasSize(2).first().satisfies(row -> {
            assertThat(row.identity()).isEqualTo("gateway");
            assertThat(row.certificate()).isEqualTo("a1b2c");
            assertThat(row.position()).isZero();
            assertThat(row.subject()).isEqualTo("CN=gateway");
            assertThat(row.status()).isEqualTo("good");
            assertThat(row.responder()).isEqualTo(responder.toString());
            assertThat(row.thisUpdate()).isEqualTo(START);
            assertThat(row.nextUpdate()).isEqualTo(START.plus(VALIDITY));
            assertThat(row.fetchedAt()).isEqualTo(START);
            assertThat(row.nextRefresh()).isAfterOrEqualTo(START.plus(VALIDITY.dividedBy(2)));
            assertThat(row.bytes()).isPositive();
        });
        assertThat(site.telemetry.scrape("text/plain"))
                .contains("staplegate_staple_status{certificate=\"a1b2c\",identity=\"gateway\",status=\"good\"} 1")
                .contains("staplegate_staple_next_update_seconds{certificate=\"a1b2c\",identity=\"gateway\"}");
    }
}
