package io.staplegate.staple;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.IdentityConfig;
import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.identity.Identity;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.FaultyResponder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in force while a reload waits for the staples of what may follow, and after one that was refused. */
final class StaplesChangeTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    private Path folder;

    private final CountDownLatch answer = new CountDownLatch(1);
    private Path export;
    private Site site;
    private Staples staples;
    private Identity before;

    @BeforeEach
    void open() throws IOException {
        export = folder.resolve("gateway.ocsp");
        site = new Site(InstantSource.system());
        staples = site.room(folder.resolve("state"));
        before = gateway();
    }

    @AfterEach
    void close() {
        answer.countDown();
        staples.close();
        site.close();
    }

    /** A disk that has nothing of it: what it had in memory must not have gone in the first place. */
    @Test
    void aRefusedChangeLeavesTheStapleInMemoryAndItsRung() throws Exception {
        Path noFolder = Files.writeString(folder.resolve("file"), "where the state directory should be");
        beImpatient(noFolder.resolve("state"));
        staples.start(List.of(before));
        ChainStaples held = staples.current(before);
        StapleView view = staples.view().getFirst();
        site.stopResponder();

        Identity after = gateway();
        assertThat(staples.retarget(List.of(after))).isFalse();

        assertThat(staples.ready()).isTrue();
        assertThat(staples.current(before)).isSameAs(held);
        assertThat(view.status()).isEqualTo("good");
        assertThat(view.rung()).isEqualTo("responder");
        assertThat(staples.view()) // of the intermediate's, the other has asked as well, in vain
                .satisfiesExactly(
                        leaf -> assertThat(leaf).isEqualTo(view),
                        intermediate -> assertThat(intermediate.status()).isEqualTo("good"));
        assertThat(staples.current(after).staples()).containsOnlyNulls();
        assertThat(staples.answer(leafOf(after))).isNull();
        assertThat(metrics()).contains(serial(before)).doesNotContain(serial(after));
        assertThat(export).hasBinaryContent(held.staples().getFirst().dressed());
    }

    @Test
    void whatIsInForceIsServedExportedMirroredAndRefreshedUntilTheOtherHasItsStaple() throws Exception {
        staples.start(List.of(before));
        awaitExported(before);
        Identity after = gateway();
        CountDownLatch asked = answerLate(after);
        FutureTask<Boolean> change = change(after);
        asked.await();

        assertThat(staples.ready()).isTrue();
        assertThat(staples.answer(leafOf(before))).isNotNull();
        assertThat(staples.view())
                .first()
                .satisfies(leaf -> assertThat(leaf.certificate()).isEqualTo(serial(before)));
        assertThat(metrics()).contains(serial(before)).doesNotContain(serial(after));
        byte[] exported = Files.readAllBytes(export);
        await().until(() -> staples.refresh("gateway") && !Arrays.equals(exported, Files.readAllBytes(export)));
        awaitExported(before);

        answer.countDown();
        assertThat(change.get()).isTrue();
        awaitExported(after);
        assertThat(staples.current(before).staples()).doesNotContainNull();
        assertThat(staples.answer(leafOf(before))).isNull();
        assertThat(staples.answer(leafOf(after))).isNotNull();
        assertThat(staples.view())
                .first()
                .satisfies(leaf -> assertThat(leaf.certificate()).isEqualTo(serial(after)));
        assertThat(metrics()).contains(serial(after)).doesNotContain(serial(before));
    }

    @Test
    void whatWasRefusedIsTakenOnceItHasItsStaple() throws Exception {
        beImpatient(folder.resolve("state"));
        staples.start(List.of(before));
        site.stopResponder();
        Identity after = gateway();
        assertThat(staples.retarget(List.of(after))).isFalse();

        site.startResponder();
        staples.refresh("gateway"); // ends the circuit
        assertThat(staples.retarget(List.of(after))).isTrue();

        assertThat(staples.current(after).staples()).doesNotContainNull();
        awaitExported(after);
    }

    @Test
    void aStopBreaksItOff() throws Exception {
        staples.start(List.of(before));
        ChainStaples held = staples.current(before);
        Identity after = gateway();
        CountDownLatch asked = answerLate(after);
        FutureTask<Boolean> change = new FutureTask<>(() -> staples.retarget(List.of(after)));
        Thread thread = Thread.ofVirtual().start(change);
        asked.await();

        thread.interrupt();

        assertThat(change)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(InterruptedException.class);
        assertThat(staples.current(before)).isSameAs(held);
        assertThat(staples.current(after).staples()).containsOnlyNulls();
    }

    @Test
    void aResponderThatTheChangeNamesIsAskedBeforeIt() throws Exception {
        beImpatient(folder.resolve("state"));
        URI nobody = URI.create("http://127.0.0.1:1/");
        Identity lost = site.identity(Site.respondedBy(before.config(), nobody), before.leaf());
        staples.start(List.of(lost));
        assertThat(staples.current(lost).staples().getFirst()).isNull();

        Identity repaired =
                site.identity(Site.respondedBy(before.config(), site.responder().url()), before.leaf());
        assertThat(staples.retarget(List.of(repaired))).isTrue();

        await().untilAsserted(
                        () -> assertThat(staples.current(repaired).staples()).doesNotContainNull());
        assertThat(staples.view().getFirst().responder())
                .isEqualTo(site.responder().url().toString());
    }

    /** Waits only briefly for staples. */
    private void beImpatient(Path state) {
        staples.close();
        staples = site.room(state, settings -> settings.startTimeout(SHORT));
    }

    /** Of the same name and file each time, with another certificate. */
    private Identity gateway() {
        IdentityConfig config = Site.with(Site.exportedTo(Site.config("gateway"), export), Stapling.MUST);
        return site.identity(config, site.leaf("gateway"));
    }

    private FutureTask<Boolean> change(Identity after) {
        FutureTask<Boolean> change = new FutureTask<>(() -> staples.retarget(List.of(after)));
        Thread.ofVirtual().start(change);
        return change;
    }

    /** The responder holds back its answer about one leaf. Returns what tells that it was asked. */
    private CountDownLatch answerLate(Identity late) {
        CountDownLatch asked = new CountDownLatch(1);
        FaultyResponder responder = site.responder();
        responder.behave(exchange -> {
            if (!StaplesOutageTest.serial(exchange).equals(late.leaf().getSerialNumber())) {
                Behaviour.honest().answer(exchange);
                return;
            }
            asked.countDown();
            Thread.ofVirtual().start(() -> {
                try {
                    answer.await();
                    Behaviour.honest().answer(exchange);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        });
        return asked;
    }

    private CertId leafOf(Identity identity) {
        return CertId.of(CertIdHash.SHA1, identity.leaf(), site.intermediate.certificate());
    }

    private static String serial(Identity identity) {
        return StapleTarget.serial(identity.leaf());
    }

    private String metrics() {
        return site.telemetry.scrape("text/plain");
    }

    private void awaitExported(Identity identity) {
        await().untilAsserted(() -> assertThat(export)
                .hasBinaryContent(staples.current(identity).staples().getFirst().dressed()));
    }
}
