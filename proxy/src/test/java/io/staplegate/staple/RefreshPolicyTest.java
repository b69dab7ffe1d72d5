package io.staplegate.staple;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.fetch.Backoff;
import io.staplegate.ocsp.OcspAnswer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the next look is, over the validities that CAs give (R34), and one minute as {@code openssl ocsp -nmin 1}. */
final class RefreshPolicyTest {
    private static final URI RESPONDER = URI.create("http://ocsp.example/");
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration LEEWAY = Duration.ofSeconds(5);
    private static final Duration HOUR = Duration.ofHours(1);

    private final Random random = new Random(1);
    private final RefreshPolicy policy = policy(null);

    @ParameterizedTest
    @ValueSource(strings = {"PT1M", "PT8H", "PT16H", "P4D", "P7D", "P10D"})
    void theFirstLookIsNotBeforeHalfLifeAndLeavesTimeForOthers(Duration validity) {
        OcspAnswer held = answer(START, validity);
        Instant end = policy.end(held);

        for (int i = 0; i < 1_000; i++) {
            Instant look = policy.next(held, Answers.found(held), 0, START, random);
            assertThat(look)
                    .isBetween(
                            START.plus(validity.dividedBy(2)),
                            START.plus(validity.multipliedBy(5).dividedBy(8)));
            assertThat(look).isBefore(end);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1M", "PT8H", "PT16H", "P4D", "P7D", "P10D"})
    void anAnswerThatTheCaRenewsAsLateAsItMayIsReplacedBeforeItEnds(Duration validity) {
        OcspAnswer held = answer(START, validity);
        Instant renewed = latestUpdate(validity);

        List<Instant> looks = looksAtUnchanged(held);

        assertThat(looks).anyMatch(look -> !look.isBefore(renewed) && look.isBefore(policy.end(held)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT16H", "P4D", "P7D", "P10D"})
    void anAnswerThatStaysTheSameIsLookedAtInItsLastEightHours(Duration validity) {
        OcspAnswer held = answer(START, validity);

        assertThat(looksAtUnchanged(held))
                .anyMatch(look ->
                        look.isAfter(held.nextUpdate().minus(HOUR.multipliedBy(8))) && look.isBefore(policy.end(held)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1M", "PT8H", "PT16H", "P4D", "P7D", "P10D"})
    void anAnswerThatStaysTheSameCausesNoFlood(Duration validity) {
        OcspAnswer held = answer(START, validity);

        List<Instant> looks = looksAtUnchanged(held);

        assertThat(looks).hasSizeBetween(3, 60);
        assertThat(gaps(looks)).allSatisfy(gap -> assertThat(gap).isGreaterThanOrEqualTo(policy.minInterval()));
    }

    @Test
    void aSecondLookAfterHalfLifeIsSlower() {
        OcspAnswer held = answer(START, Duration.ofDays(4));
        Instant now = START.plus(Duration.ofDays(2));

        Instant look = policy.next(held, Answers.found(held), 0, now, random);

        assertThat(look).isBetween(now.plus(HOUR.multipliedBy(8)), now.plus(HOUR.multipliedBy(16)));
    }

    @Test
    void tenThousandOfOneAgeAreSpread() {
        OcspAnswer held = answer(START, Duration.ofDays(4));

        Map<Long, Integer> byMinute = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            Instant look = policy.next(held, null, 0, START.plus(HOUR), random);
            byMinute.merge(look.getEpochSecond() / 60, 1, Integer::sum);
        }

        assertThat(byMinute.values()).allSatisfy(looks -> assertThat(looks).isLessThan(50));
    }

    @Test
    void atTheStartWhatIsNotDueIsLeftAloneAndWhatIsDueOrMissingIsLookedForAtOnce() {
        OcspAnswer held = answer(START, Duration.ofDays(4));

        assertThat(policy.next(null, null, 0, START, random)).isEqualTo(START);
        assertThat(policy.next(held, null, 0, START.plus(HOUR), random))
                .isAfterOrEqualTo(START.plus(HOUR.multipliedBy(48)));
        Instant late = START.plus(HOUR.multipliedBy(49));
        assertThat(policy.next(held, null, 0, late, random)).isEqualTo(late);
    }

    @Test
    void failuresBackOffWhileThereIsTimeAndTightenTowardTheEnd() {
        OcspAnswer held = answer(START, Duration.ofDays(4));
        Instant early = START.plus(HOUR.multipliedBy(50));
        Instant late = policy.end(held).minus(Duration.ofMinutes(2));

        assertThat(longestWait(held, failure(null), 20, early)).isBetween(HOUR.dividedBy(2), HOUR);
        assertThat(longestWait(held, failure(null), 20, late)).isLessThanOrEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void anAnswerOfOneMinuteIsTriedForSeveralTimesBeforeItEnds() {
        OcspAnswer held = answer(START, Duration.ofMinutes(1));
        Instant now = policy.next(held, Answers.found(held), 0, START, random);

        int failures = 0;
        while (now.isBefore(policy.end(held))) {
            failures++;
            now = policy.next(held, failure(null), failures, now, random);
        }

        assertThat(failures).isGreaterThanOrEqualTo(4);
    }

    @Test
    void retryAfterIsHonouredUntilItWouldCostTheStaple() {
        OcspAnswer held = answer(START, Duration.ofDays(4));
        Instant early = START.plus(HOUR.multipliedBy(50));
        Instant late = policy.end(held).minus(Duration.ofMinutes(10));
        Finding failure = failure(Duration.ofMinutes(20));

        assertThat(policy.next(held, failure, 1, early, random)).isAfterOrEqualTo(early.plus(Duration.ofMinutes(20)));
        assertThat(policy.next(held, failure, 1, late, random)).isBeforeOrEqualTo(late.plus(Duration.ofMinutes(5)));
        assertThat(policy.next(null, failure(Duration.ofDays(30)), 1, early, random))
                .as("a minute, with no staple to live on")
                .isEqualTo(early.plus(Duration.ofMinutes(1)));
    }

    @Test
    void aResponderThatRefusesIsNotAskedTightlyButWithinItsFirstQuarterOfAnHour() {
        Finding refusal = new Finding.Refusal(RESPONDER, "unauthorized", false);
        Instant now = START;
        int failures = 0;
        while (now.isBefore(START.plus(Duration.ofMinutes(15)))) {
            failures++;
            Instant next = policy.next(null, refusal, failures, now, random);
            assertThat(next).isAfterOrEqualTo(now.plus(Duration.ofMinutes(1)));
            now = next;
        }

        assertThat(failures).isGreaterThanOrEqualTo(3);
    }

    @Test
    void maxAgeLooksEarlierThanHalfLifeAndAgainEachQuarterOfItUntilThereIsANewerAnswer() {
        RefreshPolicy young = policy(HOUR);
        OcspAnswer held = answer(START, Duration.ofDays(7));
        Finding found = Answers.found(held);

        assertThat(young.next(held, found, 0, START, random))
                .isBetween(START.plus(HOUR), START.plus(HOUR.multipliedBy(2)));
        for (int hours = 1; hours < 166; hours++) {
            Instant late = START.plus(HOUR.multipliedBy(hours));
            assertThat(young.next(held, found, 0, late, random))
                    .isBetween(late.plus(HOUR.dividedBy(5)), late.plus(HOUR.dividedBy(3)));
        }
    }

    @Test
    void maxAgeIsNoReasonToAskMoreOftenThanAllowed() {
        OcspAnswer held = answer(START, Duration.ofDays(7));
        Instant late = START.plus(HOUR);

        assertThat(policy(Duration.ofSeconds(1)).next(held, Answers.found(held), 0, late, random))
                .isEqualTo(late.plusSeconds(1));
    }

    @Test
    void whoCouldAskNobodyComesBackWithinAMinuteAndWellBeforeTheEnd() {
        OcspAnswer held = answer(START, Duration.ofDays(4));
        Finding unasked = new Finding.Unasked(RESPONDER);
        Instant early = START.plus(HOUR.multipliedBy(50));
        Instant late = policy.end(held).minus(Duration.ofMinutes(1));

        assertThat(policy.next(null, unasked, 0, early, random)).isEqualTo(early.plusSeconds(60));
        assertThat(policy.next(held, unasked, 0, early, random)).isEqualTo(early.plusSeconds(60));
        assertThat(policy.next(held, unasked, 0, late, random)).isEqualTo(late.plusSeconds(15));
    }

    @Test
    void anAnswerShorterThanTheLeewayIsNotAskedForMoreOftenThanAllowed() {
        OcspAnswer held = answer(START, Duration.ofSeconds(4));

        Instant look = policy.next(held, Answers.found(held), 0, START, random);

        assertThat(look).isAfterOrEqualTo(START.plus(policy.minInterval()));
    }

    private List<Instant> looksAtUnchanged(OcspAnswer held) {
        List<Instant> looks = new ArrayList<>();
        Instant now = START;
        while (now.isBefore(policy.end(held))) {
            now = policy.next(held, Answers.found(held), 0, now, random);
            looks.add(now);
        }
        return looks;
    }

    /** R35: when the CA has to have a newer answer. */
    private static Instant latestUpdate(Duration validity) {
        if (validity.compareTo(Duration.ofHours(16)) < 0) {
            return START.plus(validity.dividedBy(2));
        }
        Instant eightHoursBefore = START.plus(validity).minus(Duration.ofHours(8));
        Instant fourDaysAfter = START.plus(Duration.ofDays(4));
        return eightHoursBefore.isBefore(fourDaysAfter) ? eightHoursBefore : fourDaysAfter;
    }

    @Test
    void whoHoldsNothingIsNotKeptWaitingHoweverLongTheOutageWas() {
        Instant now = Instant.parse("2026-06-01T00:00:00Z");
        for (int failures = 1; failures < 1000; failures++) {
            Duration wait = Duration.between(now, policy.next(null, failure(null), failures, now, random));
            assertThat(wait).isLessThanOrEqualTo(Duration.ofMinutes(1));
        }
    }

    private Duration longestWait(OcspAnswer held, Finding finding, int failures, Instant now) {
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 100; i++) {
            Duration wait = Duration.between(now, policy.next(held, finding, failures, now, random));
            longest = wait.compareTo(longest) > 0 ? wait : longest;
        }
        return longest;
    }

    private static List<Duration> gaps(List<Instant> looks) {
        List<Duration> gaps = new ArrayList<>();
        for (int i = 1; i < looks.size(); i++) {
            gaps.add(Duration.between(looks.get(i - 1), looks.get(i)));
        }
        return gaps;
    }

    private static Finding failure(@Nullable Duration retryAfter) {
        return new Finding.Failure(RESPONDER, "connection refused", retryAfter);
    }

    private static OcspAnswer answer(Instant thisUpdate, Duration validity) {
        return Answers.good(thisUpdate, validity);
    }

    private static RefreshPolicy policy(@Nullable Duration maxAge) {
        return new RefreshPolicy(
                LEEWAY, Duration.ofSeconds(1), maxAge, new Backoff(Duration.ofSeconds(1), Duration.ofHours(1)));
    }
}
