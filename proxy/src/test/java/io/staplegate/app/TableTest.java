package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.staple.StapleView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TableTest {
    @Test
    void columnsAreAlignedAndTheLastIsNotPadded() {
        assertThat(Table.lines(List.of(List.of("NAME", "STATUS"), List.of("gateway", "good"))))
                .containsExactly("NAME     STATUS", "gateway  good");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT59S, 59s",
        "PT61S, 1m 1s",
        "PT3H2M, 3h 2m",
        "P6DT23H59M, 6d 23h",
        "PT-90S, -1m 30s",
        "PT-0.5S, 0s"
    })
    void aSpanIsTwoUnits(Duration span, String text) {
        assertThat(Table.roughly(span)).isEqualTo(text);
    }

    /** As where a responder is down, and its circuit holds. */
    @Test
    void whatIsOverdueIsDueNow() {
        Instant now = Instant.parse("2026-03-01T00:00:00Z");
        assertThat(refreshIn(now.minusSeconds(36), now)).isEqualTo("now");
        assertThat(refreshIn(now.plusMillis(300), now)).isEqualTo("now");
        assertThat(refreshIn(now.plusSeconds(61), now)).isEqualTo("1m 1s");
        assertThat(refreshIn(null, now)).isEqualTo("-");
    }

    private static String refreshIn(@Nullable Instant next, Instant now) {
        StapleView row = new StapleView(
                "gateway", "1f", 0, "CN=gateway", "absent", null, null, null, null, next, null, 0, null, "auto", now);
        return new StapleTable(List.of(row), now).lines().getLast().split(" {2,}", -1)[6];
    }
}
