package io.staplegate.staple;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.fetch.Backoff;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.telemetry.Telemetry.StapleStatus;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a certificate's knowledge becomes with each finding. */
final class KnowledgeTest {
    private static final URI RESPONDER = URI.create("http://ocsp.example/");
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final RefreshPolicy POLICY = new RefreshPolicy(
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            null,
            new Backoff(Duration.ofSeconds(1), Duration.ofHours(1)));

    @Test
    void aNewerAnswerReplacesAnOlderOneAndNotTheOtherWay() {
        OcspAnswer older = Answers.good(START, DAY);
        OcspAnswer newer = Answers.good(START.plusSeconds(1), DAY);

        assertThat(learn(older, newer).answer()).isEqualTo(newer);
        assertThat(learn(newer, older).answer()).isEqualTo(newer);
    }

    @Test
    void anAnswerThatLastsLongerReplacesOneOfTheSameAge() {
        OcspAnswer shorter = Answers.good(START, DAY);
        OcspAnswer longer = Answers.good(START, DAY.multipliedBy(2));

        assertThat(learn(shorter, longer).answer()).isEqualTo(longer);
        assertThat(learn(longer, shorter).answer()).isEqualTo(longer);
    }

    @Test
    void anOlderAnswerIsBetterThanOneThatHasEnded() {
        OcspAnswer ended = Answers.good(START.plusSeconds(60), Duration.ofMinutes(1));
        OcspAnswer older = Answers.good(START, DAY);

        Knowledge knowledge = Knowledge.NOTHING
                .with(Answers.found(ended), START, POLICY)
                .with(Answers.found(older), START.plusSeconds(120), POLICY);

        assertThat(knowledge.answer()).isEqualTo(older);
    }

    @Test
    void aRevocationReplacesAGoodAnswerOfTheSameAge() {
        OcspAnswer good = Answers.good(START, DAY.multipliedBy(2));
        OcspAnswer revoked = Answers.revoked(START, DAY);

        assertThat(learn(good, revoked).isRevoked()).isTrue();
        assertThat(learn(revoked, good).isRevoked()).isTrue();
    }

    @Test
    void aRevocationIsTakenBackByANewerAnswerOnly() {
        OcspAnswer revoked = Answers.revoked(START, DAY);

        assertThat(learn(revoked, Answers.good(START.minusSeconds(1), DAY.multipliedBy(9)))
                        .isRevoked())
                .isTrue();
        assertThat(learn(revoked, Answers.good(START.plusSeconds(1), DAY)).isRevoked())
                .isFalse();
    }

    @Test
    void aRevocationOutlivesItsOwnEnd() {
        OcspAnswer revoked = Answers.revoked(START, DAY);
        Instant later = START.plus(DAY.multipliedBy(2));

        Knowledge knowledge = Knowledge.NOTHING
                .with(Answers.found(revoked), START, POLICY)
                .with(Answers.found(Answers.good(START.minus(DAY), DAY.multipliedBy(9))), later, POLICY);

        assertThat(knowledge.statusAt(later, POLICY)).isEqualTo(StapleStatus.REVOKED);
    }

    @Test
    void nothingThatFailsReplacesAnAnswer() {
        OcspAnswer good = Answers.good(START, DAY);

        Knowledge knowledge = Knowledge.NOTHING
                .with(Answers.found(good), START, POLICY)
                .with(new Finding.Failure(RESPONDER, "connection refused", null), START, POLICY)
                .with(new Finding.Refusal(RESPONDER, "unknown", true), START, POLICY);

        assertThat(knowledge.answer()).isEqualTo(good);
        assertThat(knowledge.failures()).isEqualTo(2);
        assertThat(knowledge.lastError()).isEqualTo("unknown");
        assertThat(knowledge.statusAt(START, POLICY)).isEqualTo(StapleStatus.GOOD);
        assertThat(knowledge.statusAt(START.plus(DAY), POLICY)).isEqualTo(StapleStatus.UNKNOWN);
    }

    @Test
    void aLookThatAskedNobodyIsNoFailure() {
        OcspAnswer good = Answers.good(START, DAY);

        Knowledge knowledge = Knowledge.NOTHING
                .with(Answers.found(good), START, POLICY)
                .with(new Finding.Unasked(RESPONDER), START, POLICY);

        assertThat(knowledge.answer()).isEqualTo(good);
        assertThat(knowledge.failures()).isZero();
        assertThat(knowledge.lastError()).contains("was not asked");
        assertThat(knowledge.rung(true)).isEqualTo("last_good");
    }

    @Test
    void whatIsShownOfALookThatAskedNobodyIsStillWhyTheOneBeforeFailed() {
        Knowledge knowledge = Knowledge.NOTHING
                .with(new Finding.Failure(RESPONDER, "connection refused", null), START, POLICY)
                .with(new Finding.Unasked(RESPONDER), START, POLICY);

        assertThat(knowledge.failures()).isEqualTo(1);
        assertThat(knowledge.lastError()).isEqualTo("connection refused");
        assertThat(knowledge.rung(false)).isEqualTo("nothing");
    }

    @Test
    void anUnchangedAnswerEndsTheTrouble() {
        OcspAnswer good = Answers.good(START, DAY);

        Knowledge knowledge = Knowledge.NOTHING
                .with(Answers.found(good), START, POLICY)
                .with(new Finding.Refusal(RESPONDER, "unknown", true), START, POLICY)
                .with(Answers.found(good), START, POLICY);

        assertThat(knowledge.failures()).isZero();
        assertThat(knowledge.lastError()).isNull();
        assertThat(knowledge.unknown()).isFalse();
    }

    @Test
    void whatIsGoodIsAbsentWithinTheLeewayOfItsEnd() {
        Knowledge knowledge = Knowledge.NOTHING.with(Answers.found(Answers.good(START, DAY)), START, POLICY);

        Instant end = START.plus(DAY).minusSeconds(5);
        assertThat(knowledge.statusAt(end.minusMillis(1), POLICY)).isEqualTo(StapleStatus.GOOD);
        assertThat(knowledge.statusAt(end, POLICY)).isEqualTo(StapleStatus.ABSENT);
    }

    @Test
    void anOlderAnswerIsTakenFromTheMomentThatTheHeldOneIsNotStapled() {
        OcspAnswer held = Answers.good(START, DAY);
        OcspAnswer older = Answers.good(START.minusSeconds(60), DAY.multipliedBy(2));
        Instant end = POLICY.end(held);

        assertThat(learn(held, older, end.minusMillis(1))).isEqualTo(held);
        assertThat(learn(held, older, end)).isEqualTo(older);
    }

    @Test
    void anOlderAnswerThatCannotBeStapledEitherIsNotTaken() {
        OcspAnswer held = Answers.good(START, DAY);
        OcspAnswer older = Answers.good(START.minusSeconds(60), DAY.plusSeconds(59));

        assertThat(learn(held, older, POLICY.end(held))).isEqualTo(held);
    }

    @Test
    void aNewerAnswerAtItsEndTakesNoneAwayThatCanBeStapled() {
        OcspAnswer held = Answers.good(START, DAY.multipliedBy(2));
        OcspAnswer ending = Answers.good(START.plusSeconds(60), DAY);
        Instant end = POLICY.end(ending);

        assertThat(learn(held, ending, end.minusMillis(1))).isEqualTo(ending);
        assertThat(learn(held, ending, end)).isEqualTo(held);
        OcspAnswer revoked = Answers.revoked(START.plusSeconds(60), DAY);
        assertThat(learn(held, revoked, end)).isEqualTo(revoked);
    }

    @Test
    void aGoodAnswerThatIsOlderThanARevocationIsNeverTaken() {
        OcspAnswer revoked = Answers.revoked(START, DAY);
        OcspAnswer older = Answers.good(START.minusSeconds(60), DAY.multipliedBy(2));

        assertThat(learn(revoked, older, POLICY.end(revoked))).isEqualTo(revoked);
        assertThat(learn(revoked, older, revoked.nextUpdate())).isEqualTo(revoked);
    }

    @Test
    void whatIsNoNewerAndSaysOtherwiseContradicts() {
        OcspAnswer good = Answers.good(START, DAY);
        OcspAnswer revoked = Answers.revoked(START, DAY);
        OcspAnswer newerGood = Answers.good(START.plusSeconds(1), DAY);
        OcspAnswer newerRevoked = Answers.revoked(START.plusSeconds(1), DAY);

        assertThat(contradicts(revoked, good, START)).as("a tie").isTrue();
        assertThat(contradicts(newerRevoked, good, START)).isTrue();
        assertThat(contradicts(newerGood, revoked, START)).isTrue();
        assertThat(contradicts(revoked, newerGood, START)).isFalse();
        assertThat(contradicts(good, newerRevoked, START)).isFalse();
        assertThat(contradicts(newerGood, good, START)).as("the same").isFalse();
        assertThat(Knowledge.NOTHING.contradicts(good, START, POLICY)).isFalse();
    }

    @Test
    void onlyARevocationContradictsAfterItsEnd() {
        OcspAnswer older = Answers.good(START.minusSeconds(60), DAY.multipliedBy(9));
        OcspAnswer olderRevoked = Answers.revoked(START.minusSeconds(60), DAY.multipliedBy(9));

        assertThat(contradicts(Answers.revoked(START, DAY), older, START.plus(DAY)))
                .isTrue();
        assertThat(contradicts(Answers.good(START, DAY), olderRevoked, START.plus(DAY)))
                .isFalse();
    }

    @Test
    void thatSomebodyDoesNotKnowACertificateContradictsWhatIsKnown() {
        OcspAnswer unknown = Answers.unknown(START.plusSeconds(1), DAY);

        assertThat(contradicts(Answers.revoked(START, DAY), unknown, START)).isTrue();
        assertThat(contradicts(Answers.good(START, DAY), unknown, START)).isTrue();
        assertThat(Knowledge.NOTHING.contradicts(unknown, START, POLICY)).isFalse();
    }

    private static @Nullable OcspAnswer learn(OcspAnswer first, OcspAnswer second, Instant then) {
        return Knowledge.NOTHING
                .with(Answers.found(first), START, POLICY)
                .with(Answers.found(second), then, POLICY)
                .answer();
    }

    private static boolean contradicts(OcspAnswer known, OcspAnswer other, Instant at) {
        return Knowledge.NOTHING.with(Answers.found(known), START, POLICY).contradicts(other, at, POLICY);
    }

    private static Knowledge learn(OcspAnswer first, OcspAnswer second) {
        return Knowledge.NOTHING.with(Answers.found(first), START, POLICY).with(Answers.found(second), START, POLICY);
    }
}
