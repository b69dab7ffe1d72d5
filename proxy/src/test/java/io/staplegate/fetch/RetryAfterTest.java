package io.staplegate.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a responder may ask for, and how much of it is granted. */
final class RetryAfterTest {
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final String DATE = "Sat, 01 Aug 2026 12:00:00 GMT";

    @Test
    void secondsAreTaken() {
        assertThat(retryAfter("0")).isEqualTo(Duration.ZERO);
        assertThat(retryAfter("90")).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void aDateCountsFromTheDateOfTheAnswer() {
        assertThat(retryAfter("Sat, 01 Aug 2026 12:10:00 GMT")).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void aLongWaitIsCutShort() {
        assertThat(retryAfter("999999999")).isEqualTo(LONGEST);
        assertThat(retryAfter("Sun, 01 Aug 2027 12:00:00 GMT")).isEqualTo(LONGEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1.5", "99999999999999999999", "Sat, 01 Aug 2026 11:59:00 GMT", "١٢"})
    void nonsenseIsIgnored(String value) {
        assertThat(retryAfter(value)).isNull();
    }

    @Test
    void aDateWithoutADateToCountFromIsIgnored() {
        HttpHeaders headers = HttpHeaders.of(Map.of("Retry-After", List.of(DATE)), (name, value) -> true);
        assertThat(RetryAfter.in(headers, LONGEST)).isNull();
    }

    private static @Nullable Duration retryAfter(String value) {
        HttpHeaders headers =
                HttpHeaders.of(Map.of("Retry-After", List.of(value), "Date", List.of(DATE)), (name, text) -> true);
        return RetryAfter.in(headers, LONGEST);
    }
}
