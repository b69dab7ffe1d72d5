package io.staplegate.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
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

    @Test
    void theTimeThatAnAnswerLayInACacheCounts() {
        Instant date = Instant.parse("2026-08-01T12:00:00Z");
        assertThat(RetryAfter.date(headers("Age", "3600"))).isEqualTo(date.plusSeconds(3600));
        assertThat(RetryAfter.date(headers("Age", "-1"))).isEqualTo(date);
        assertThat(RetryAfter.date(headers("Age", "99999999999999999999"))).isEqualTo(date);
    }

    private static @Nullable Duration retryAfter(String value) {
        return RetryAfter.in(headers("Retry-After", value), LONGEST);
    }

    private static HttpHeaders headers(String name, String value) {
        return HttpHeaders.of(Map.of(name, List.of(value), "Date", List.of(DATE)), (header, text) -> true);
    }
}
