package io.staplegate.fetch;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** How long a responder asks us to wait (RFC 9110 §10.2.3). */
final class RetryAfter {
    private static final String SECONDS = "\\d{1,9}";

    private RetryAfter() {}

    /**
     * What the sender takes for the time: its {@code Date} (RFC 9110 §6.6.1), and the {@code Age} since then that a
     * cache tells of (RFC 9111 §5.1); null where it does not say.
     */
    static @Nullable Instant date(HttpHeaders headers) {
        Instant date = instant(headers.firstValue("Date").orElse(""));
        String age = headers.firstValue("Age").map(String::strip).orElse("");
        return date == null || !age.matches(SECONDS) ? date : date.plusSeconds(Long.parseLong(age));
    }

    /**
     * The wait that a header asks for; a date counts from the response's own {@code Date}, so that no clock is needed.
     *
     * @return 0 to {@code longest}; null where there is no such wish, or no sense in it
     */
    static @Nullable Duration in(HttpHeaders headers, Duration longest) {
        String value = headers.firstValue("Retry-After").map(String::strip).orElse("");
        Duration wait = value.matches(SECONDS)
                ? Duration.ofSeconds(Long.parseLong(value))
                : between(date(headers), instant(value));
        if (wait == null || wait.isNegative()) {
            return null;
        }
        return wait.compareTo(longest) < 0 ? wait : longest;
    }

    private static @Nullable Duration between(@Nullable Instant now, @Nullable Instant then) {
        return now == null || then == null ? null : Duration.between(now, then);
    }

    private static @Nullable Instant instant(String date) {
        try {
            return ZonedDateTime.parse(date, RFC_1123_DATE_TIME).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
