package io.staplegate.staple;

import static io.staplegate.staple.Site.START;
import static io.staplegate.staple.Site.VALIDITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.IdentityConfig;
import io.staplegate.config.IdentityConfig.OnRevoked;
import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.config.IdentityConfig.StatusScope;
import io.staplegate.identity.Identity;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.store.FileStore;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.FaultyResponder;
import io.staplegate.testing.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a room starts: from the disk, from responders, and with neither. */
final class StaplesStartTest {
    @TempDir
    private Path state;

    private final TestClock clock = new TestClock(START);
    private Site site;
    private Identity identity;

    @BeforeEach
    void open() throws IOException {
        site = new Site(clock);
        identity = site.identity("gateway");
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void aRestartWithTheResponderDownStaplesFromTheDisk() throws Exception {
        fillTheDisk();
        clock.move(Duration.ofHours(1));

        try (Staples staples = site.room(state)) {
            staples.start(List.of(identity));

            assertThat(staples.current(identity).staples())
                    .allSatisfy(staple -> assertThat(staple.fetchedAt()).isEqualTo(START));
            assertThat(staples.view())
                    .allSatisfy(row -> assertThat(row.nextRefresh()).isAfter(clock.instant()));
        }
    }

    @Test
    void aFreshDiskCausesNoRequest() throws Exception {
        fillTheDisk();
        site.startResponder();

        try (Staples staples = site.room(state)) {
            staples.start(List.of(identity));
            assertThat(staples.current(identity).staples()).doesNotContainNull();
        }
        assertThat(site.responder().seen()).isEmpty();
    }

    @Test
    void aTamperedFileIsRefused() throws Exception {
        fillTheDisk();
        byte[] response = Files.readAllBytes(file(identity.leaf(), site.intermediate.certificate()));
        response[response.length - 1] ^= 1;
        Files.write(file(identity.leaf(), site.intermediate.certificate()), response);

        try (LogLines log = new LogLines(Archive.class)) {
            assertThat(leafAfterRestart()).isNull();
            assertThat(log.lines()).singleElement().asString().contains("does not verify");
        }
    }

    @Test
    void aForeignFileIsRefused() throws Exception {
        fillTheDisk();
        Path other = file(site.intermediate.certificate(), site.root.certificate());
        Files.write(file(identity.leaf(), site.intermediate.certificate()), Files.readAllBytes(other));

        assertThat(leafAfterRestart()).isNull();
    }

    @Test
    void anExpiredFileIsRefused() throws Exception {
        fillTheDisk();
        clock.move(VALIDITY.plusSeconds(1));

        assertThat(leafAfterRestart()).isNull();
    }

    @Test
    void aRevocationOutlivesItsEndAndARestart() throws Exception {
        Identity refusing = site.identity(Site.with(identity.config(), OnRevoked.REFUSE), identity.leaf());
        site.book.revoke(identity.leaf());
        fillTheDisk();
        clock.move(VALIDITY.plusSeconds(1));

        try (Staples staples = site.room(state)) {
            staples.start(List.of(refusing));
            assertThat(staples.current(refusing).leafRevoked()).isTrue();
            assertThat(staples.view().getFirst().status()).isEqualTo("revoked");
        }
    }

    @Test
    void aStateDirectoryThatCannotBeCostsPersistenceOnly() throws Exception {
        Path file = Files.writeString(state.resolve("file"), "no directory");
        try (Staples staples = site.room(file.resolve("state"));
                LogLines log = new LogLines(FileStore.class)) {
            staples.start(List.of(identity));
            staples.refresh(null);

            assertThat(staples.current(identity).staples()).doesNotContainNull();
            await().untilAsserted(() -> assertThat(log.lines()).hasSize(1));
            assertThat(site.telemetry.scrape("text/plain")).containsPattern("staplegate_store_failures_total [1-9]");
        }
    }

    @Test
    void aSilentResponderHoldsAnAutoStartBriefly() throws Exception {
        site.responder().behave(Behaviour.silent());
        Duration patience = Duration.ofMillis(300);
        try (Staples staples = site.room(state, settings -> settings.patience(patience))) {
            long begun = System.nanoTime();
            staples.start(List.of(identity));

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(patience, Duration.ofSeconds(20));
            assertThat(staples.ready()).isTrue();
        }
    }

    @Test
    void aMustIdentityWaitsThroughFailuresUntilItsStapleComes() throws Exception {
        try (Site live = new Site(InstantSource.system());
                Staples staples =
                        live.room(state.resolve("live"), settings -> settings.startTimeout(Duration.ofMinutes(1)))) {
            Identity must = live.identity(Site.with(Site.config("must"), Stapling.MUST), live.leaf("must"));
            FaultyResponder responder = live.responder();
            responder.behave(exchange -> {
                boolean early = responder.seen().size() <= 2;
                (early ? Behaviour.status(503) : Behaviour.honest()).answer(exchange);
            });
            staples.start(List.of(must));

            assertThat(staples.current(must).staples().getFirst()).isNotNull();
            assertThat(staples.ready()).isTrue();
        }
    }

    @Test
    void whileAStartWaitsTheResponderIsProbedMoreOftenByOneAtATime() throws Exception {
        List<Identity> must = IntStream.range(0, 20)
                .mapToObj(number -> {
                    IdentityConfig config = Site.with(Site.config("must-" + number), Stapling.MUST);
                    return site.identity(Site.with(config, StatusScope.LEAF), site.leaf("must-" + number));
                })
                .toList();
        Duration sixth = Duration.ofSeconds(10);
        site.responder().behave(Behaviour.status(503));
        try (Staples staples = site.room(state, settings -> settings.startTimeout(sixth.multipliedBy(6)))) {
            FutureTask<Boolean> start = new FutureTask<>(() -> {
                staples.start(must);
                return staples.ready();
            });
            Thread.startVirtualThread(start);
            for (int probe = 0; probe < 3; probe++) {
                int requests = awaitOutage();
                clock.move(sixth.minusMillis(1));
                assertThat(awaitOutage()).isEqualTo(requests);
                clock.move(Duration.ofMillis(1));
                await().until(() -> site.responder().seen().size() > requests);
                assertThat(awaitOutage()).isEqualTo(requests + 1);
            }
            site.responder().behave(Behaviour.honest());
            clock.move(sixth);
            assertThat(start.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Until the responder is down, and all who have asked it know. Returns how many have. */
    private int awaitOutage() {
        await().during(Duration.ofMillis(200))
                .until(() -> site.openCircuits() == 1
                        && site.looks() == site.responder().seen().size());
        return site.responder().seen().size();
    }

    @Test
    void aMustIdentityWithoutStapleHoldsTheStartUpToItsLimitAndIsNotReady() throws Exception {
        site.stopResponder();
        Identity must = site.identity(Site.config("must"), site.leaf("must").mustStaple());
        try (Staples staples = site.room(state, settings -> settings.startTimeout(Duration.ofMillis(300)))) {
            staples.start(List.of(must));

            assertThat(staples.current(must).staples()).containsOnlyNulls();
            assertThat(staples.ready()).isFalse();
        }
    }

    @Test
    void aClockThatIsSetBackDelaysNoRetry() throws Exception {
        clock.move(Duration.ofDays(365));
        site.stopResponder();
        try (Staples staples = site.room(state)) {
            staples.start(List.of(identity));
            assertThat(staples.current(identity).staples()).containsOnlyNulls();

            site.startResponder();
            clock.set(START);
            await().untilAsserted(() ->
                    assertThat(staples.current(identity).staples()).doesNotContainNull());
        }
    }

    @Test
    void aClockThatIsSetBackDropsNoStaple() throws Exception {
        try (Staples staples = site.room(state)) {
            staples.start(List.of(identity));
            ChainStaples before = staples.current(identity);
            site.stopResponder();

            clock.move(Duration.ofDays(-10));
            staples.refresh(null);

            assertThat(staples.current(identity)).isSameAs(before);
        }
    }

    /** Leaves staples behind, and no responder. */
    private void fillTheDisk() throws Exception {
        try (Staples staples = site.room(state)) {
            staples.start(List.of(identity));
        }
        site.stopResponder();
        assertThat(file(identity.leaf(), site.intermediate.certificate())).exists();
    }

    private Staple leafAfterRestart() throws Exception {
        try (Staples staples = site.room(state)) {
            staples.start(List.of(identity));
            return staples.current(identity).staples().getFirst();
        }
    }

    private Path file(X509Certificate certificate, X509Certificate issuer) {
        return state.resolve(CertId.of(CertIdHash.SHA1, certificate, issuer).fileName() + ".ocsp");
    }
}
