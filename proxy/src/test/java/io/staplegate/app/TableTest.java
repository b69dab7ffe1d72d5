package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
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
    @CsvSource({"PT0S, 0s", "PT59S, 59s", "PT61S, 1m 1s", "PT3H2M, 3h 2m", "P6DT23H59M, 6d 23h", "PT-90S, -1m 30s"})
    void aSpanIsTwoUnits(Duration span, String text) {
        assertThat(Table.roughly(span)).isEqualTo(text);
    }
}
