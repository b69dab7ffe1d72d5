package io.staplegate.staple;

import static io.staplegate.staple.Site.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.IdentityConfig.OnRevoked;
import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.identity.Identity;
import io.staplegate.ocsp.OcspAnswer.Status;
import io.staplegate.testing.Behaviour;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reload keeps, and what it lets go. */
final class StaplesRetargetTest {
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
    void staplesOfCertificatesThatRemainAreKeptWithoutARequest() throws Exception {
        Identity before = site.identity("gateway");
        staples.start(List.of(before));
        List<Staple> held = staples.current(before).staples();
        site.stopResponder();

        Identity after = site.identity(before.config(), before.leaf());
        staples.retarget(List.of(after));

        assertThat(staples.current(after).staples()).isEqualTo(held);
    }

    @Test
    void anIdentityThatIsTheSameKeepsEvenItsView() throws Exception {
        Identity same = site.identity("same");
        staples.start(List.of(same));
        ChainStaples before = staples.current(same);

        staples.retarget(List.of(same, site.identity("more")));

        assertThat(staples.current(same)).isSameAs(before);
    }

    @Test
    void aRotatedCertificateIsStapledWhenTheCallReturnsAndTheOldOneForHandshakesUnderWay() throws Exception {
        Identity before = site.identity("gateway");
        staples.start(List.of(before));

        Identity after = site.identity("gateway");
        staples.retarget(List.of(after));
        assertThat(staples.current(after).staples()).doesNotContainNull();
        assertThat(staples.current(before).staples()).doesNotContainNull();

        staples.retarget(List.of(after));
        assertThat(staples.current(before).staples()).containsOnlyNulls();
    }

    @Test
    void metricsOfWhatIsGoneEndAndStayAway() throws Exception {
        Identity gone = site.identity("gone");
        Identity stays = site.identity("stays");
        staples.start(List.of(gone, stays));
        assertThat(site.telemetry.scrape("text/plain")).contains("identity=\"gone\"");

        staples.retarget(List.of(stays));
        clock.move(Duration.ofHours(1));
        staples.refresh(null);

        assertThat(site.telemetry.scrape("text/plain"))
                .doesNotContain("identity=\"gone\"")
                .contains("identity=\"stays\"");
        assertThat(staples.view()).hasSize(2);
    }

    @Test
    void aResponderThatNobodyNamesAnyMoreIsNotDownForEver() throws Exception {
        Identity gone = site.identity("gone");
        site.responder().behave(Behaviour.retryAfter(503, Duration.ofHours(1)));
        staples.start(List.of(gone));
        await().until(() -> openCircuits() == 1);

        staples.retarget(List.of());

        await().until(() -> openCircuits() == 0);
    }

    private long openCircuits() {
        return site.telemetry
                .scrape("text/plain")
                .lines()
                .filter(line -> line.startsWith("staplegate_responder_circuit_open{") && line.endsWith(" 1.0"))
                .count();
    }

    @Test
    void anotherSettingHoldsForWhatIsAlreadyKnown() throws Exception {
        Identity before = site.identity("gateway");
        site.book.revoke(before.leaf());
        staples.start(List.of(before));
        assertThat(staples.current(before).staples().getFirst().answer().status())
                .isEqualTo(Status.REVOKED);

        Identity refusing = site.identity(Site.with(before.config(), OnRevoked.REFUSE), before.leaf());
        staples.retarget(List.of(refusing));
        assertThat(staples.current(refusing).staples().getFirst()).isNull();
        assertThat(staples.current(refusing).leafRevoked()).isTrue();

        Identity off = site.identity(Site.with(before.config(), Stapling.OFF), before.leaf());
        staples.retarget(List.of(off));
        assertThat(staples.current(off).staples()).containsOnlyNulls();
        assertThat(site.telemetry.scrape("text/plain")).doesNotContain("staplegate_staple_status{");
    }
}
