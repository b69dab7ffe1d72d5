package io.staplegate.staple;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who goes first. */
final class NeedTest {
    private static final Instant SOON = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant LATER = SOON.plusSeconds(1);

    @Test
    void theNeediestAreThoseWithoutAnAnswerThenWhatIsInsistedOnThenWhatEndsFirstThenWhatMostWaitFor() {
        Need[] inOrder = {
            new Need(false, true, SOON, 1),
            new Need(false, false, Instant.MIN, 200),
            new Need(false, false, Instant.MIN, 1),
            new Need(true, false, SOON, 1),
            new Need(true, true, LATER, 1),
            new Need(true, false, LATER, 2),
            new Need(true, false, LATER, 1)
        };
        assertThat(Stream.of(5, 3, 0, 6, 2, 4, 1).map(index -> inOrder[index]).sorted())
                .containsExactly(inOrder);
    }
}
