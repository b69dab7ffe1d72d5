package io.staplegate.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.fetch.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is of no use is fetched more and more rarely. */
class ScheduleTest {
    private static final Instant NOW = Site.START;
    private static final Duration LONG = Duration.ofDays(4);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Schedule SCHEDULE =
            new Schedule(Duration.ZERO, Duration.ofSeconds(1), null, new Backoff(Duration.ofSeconds(1), LONGEST_WAIT));

    private final Random random = new Random(1);

    @Test
    void aDayOfUselessFilesCostsFewFetchesWhereNothingIsHeld() {
        Instant next = NOW;
        int fetches = 0;
        while (next.isBefore(NOW.plus(Duration.ofDays(1)))) {
            fetches++;
            next = SCHEDULE.afterRefusal(fetches, Duration.ZERO, Instant.MAX, next, random);
        }

        assertThat(fetches).isBetween(24, 75);
    }

    @Test
    void noWaitIsLongerThanTheLongestOrShorterThanThePause() {
        assertThat(IntStream.rangeClosed(1, 1_000)).allSatisfy(refusals -> {
            Instant next = SCHEDULE.afterRefusal(refusals, Duration.ZERO, Instant.MAX, NOW, random);
            Duration least = refusals < 5 ? Schedule.SHORTEST_PAUSE : Schedule.LONGEST_PAUSE;
            assertThat(next).isBetween(NOW.plus(least), NOW.plus(LONGEST_WAIT));
        });
    }

    @Test
    void nobodyWaitsPastTheMomentThatMendsTheFile() {
        Instant mends = NOW.plusSeconds(40);

        assertThat(IntStream.rangeClosed(1, 1_000))
                .allSatisfy(refusals -> assertThat(SCHEDULE.afterRefusal(refusals, Duration.ZERO, mends, NOW, random))
                        .isBeforeOrEqualTo(mends));
    }

    @Test
    void whatHoldsForLongIsLookedAtAgainInTime() {
        Duration recheck = Duration.ofMinutes(10);
        Schedule often = new Schedule(Duration.ZERO, Duration.ofSeconds(1), recheck, SCHEDULE.backoff());

        assertThat(IntStream.range(0, 1_000))
                .allSatisfy(
                        _ -> assertThat(often.afterSuccess(NOW.minus(LONG), NOW.plus(LONG), NOW.plusSeconds(1), random))
                                .isBetween(
                                        NOW.plus(recheck.multipliedBy(9).dividedBy(10)),
                                        NOW.plus(recheck).plusSeconds(1)));
        assertThat(often.afterSuccess(NOW, NOW.plusSeconds(8), NOW, random)).isBefore(NOW.plusSeconds(8));
    }

    @Test
    void whatComesToNothingIsTriedHalfAMinuteLaterAtTheLatestWhereNothingIsHeld() {
        assertThat(SCHEDULE.afterFailure(1_000, Duration.ZERO, NOW, random))
                .isEqualTo(NOW.plus(Schedule.LONGEST_PAUSE));
    }
}
