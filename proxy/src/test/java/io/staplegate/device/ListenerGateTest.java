package io.staplegate.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.device.Entrance.Terms;
import io.staplegate.device.Word.Silence;
import io.staplegate.identity.DenyList;
import io.staplegate.identity.DevicePath;
import io.staplegate.telemetry.DeviceCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which order a gate asks its sources, and for how long it waits. */
class ListenerGateTest {
    private static final Word GOOD =
            new Word.Good(Evidence.CRL, Site.START.minusSeconds(60), Site.START.plusSeconds(60));
    private static final Word REVOKED =
            new Word.Revoked(Evidence.OCSP, Site.START.minusSeconds(60), Site.START.plusSeconds(60));

    private final Told preferred = new Told();
    private final Told other = new Told();
    private Site site;
    private DevicePath device;

    /** A source that says what a test tells it, when the test says so. */
    private static final class Told implements RevocationSource {
        private volatile Word known = Silence.NOTHING;
        private volatile CompletableFuture<Word> found = new CompletableFuture<>();
        private volatile int asked;

        void knows(Word word) {
            known = word;
            found.complete(word);
        }

        @Override
        public Word known(Credential credential, Instant now) {
            return known;
        }

        @Override
        public synchronized CompletableFuture<Word> find(Credential credential) {
            asked++;
            return found;
        }

        @Override
        public void use(Credential credential, boolean isNeeded) {}
    }

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        site = new Site(directory);
        device = site.path("thermostat");
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void nobodyIsAskedWhereSomethingIsKnown() {
        other.knows(GOOD);

        assertThat(judge(Terms.HARD)).isCompletedWithValue(new Judgement(DeviceCheck.GOOD, true));
        assertThat(preferred.asked + other.asked).isZero();
    }

    @Test
    void theOtherOneIsNotAskedWhereThePreferredOneAnswers() {
        CompletableFuture<Judgement> judgement = judge(Terms.HARD);
        assertThat(judgement).isNotDone();

        preferred.knows(GOOD);

        assertThat(judgement).isCompletedWithValue(new Judgement(DeviceCheck.GOOD, true));
        assertThat(other.asked).isZero();
    }

    @Test
    void theOtherOneIsAskedWhereThePreferredOneDoesNotKnow() {
        CompletableFuture<Judgement> judgement = judge(Terms.HARD);

        preferred.knows(Silence.UNKNOWN);
        assertThat(judgement).isNotDone();
        other.knows(REVOKED);

        assertThat(judgement).isCompletedWithValue(new Judgement(DeviceCheck.REVOKED, false));
    }

    @Test
    void theOtherOneIsAskedWhereThePreferredOneIsSilentForHalfOfTheBudget() {
        CompletableFuture<Judgement> judgement = judge(Terms.HARD.budget(Duration.ofSeconds(2)));
        other.knows(GOOD);

        assertThat(judgement).succeedsWithin(Duration.ofMillis(1_900)).isEqualTo(new Judgement(DeviceCheck.GOOD, true));
    }

    @Test
    void whoWasSilentForHalfOfTheBudgetIsHeardWhereTheOtherOneDoesNotKnow() {
        CompletableFuture<Judgement> judgement = judge(Terms.HARD.budget(Duration.ofSeconds(6)));
        other.knows(Silence.UNKNOWN);
        await().atMost(Duration.ofMillis(5_500)).until(() -> other.asked == 1);
        assertThat(judgement).isNotDone();

        preferred.knows(REVOKED);

        assertThat(judgement).isCompletedWithValue(new Judgement(DeviceCheck.REVOKED, false));
    }

    @Test
    void whoCannotSayHoldsNobodyUp() {
        preferred.knows(Silence.NO_SOURCE);
        other.knows(Silence.NOTHING);

        assertThat(judge(Terms.HARD)).isCompletedWithValue(new Judgement(DeviceCheck.UNAVAILABLE_REFUSED, false));
        assertThat(judge(Terms.SOFT)).isCompletedWithValue(new Judgement(DeviceCheck.UNAVAILABLE_ALLOWED, true));
    }

    @Test
    void withoutBudgetADeviceIsJudgedByWhatIsKnownAndFoundOutAbout() {
        assertThat(judge(Terms.SOFT.budget(Duration.ZERO)))
                .isCompletedWithValue(new Judgement(DeviceCheck.UNAVAILABLE_ALLOWED, true));
        assertThat(preferred.asked).isEqualTo(1);
    }

    @Test
    void whatGoesWrongIsToldAndHoldsNobodyForEver() {
        var broken = new ListenerGate.Sources(() -> DenyList.NONE, List.of(preferred), _ -> {
            throw new IllegalStateException("broken");
        });

        assertThat(gate(Terms.HARD, broken).judge(device)).isCompletedExceptionally();
    }

    @Test
    void nobodyIsAskedWhereThePolicyIsOff() {
        assertThat(judge(Terms.SOFT.policy(Policy.OFF)))
                .isCompletedWithValue(new Judgement(DeviceCheck.NOT_CHECKED, true));
        assertThat(preferred.asked).isZero();
    }

    private CompletableFuture<Judgement> judge(Terms terms) {
        var sources = new ListenerGate.Sources(() -> DenyList.NONE, List.of(preferred, other), _ -> {});
        return gate(terms, sources).judge(device);
    }

    private ListenerGate gate(Terms terms, ListenerGate.Sources sources) {
        Attendance attendance = new Attendance(site.clock);
        return new ListenerGate("mqtts", terms.revocation(), sources, attendance, site.clock, site.telemetry);
    }
}
