package io.staplegate.admin.status;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Times, lengths of time and numbers, as people read them. */
final class Words {
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern(
                    "d MMM uuuu, HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SHORT =
            DateTimeFormatter.ofPattern("d MMM, HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Words() {}

    /** By the two largest units, without what is zero: {@code 3 d 4 h}, {@code 12 min}; of what is past, the same. */
    static String span(Duration span) {
        Duration length = span.abs();
        if (length.toDays() > 0) {
            return units(length.toDays(), "d", length.toHoursPart(), "h");
        }
        if (length.toHours() > 0) {
            return units(length.toHours(), "h", length.toMinutesPart(), "min");
        }
        return length.toMinutes() > 0
                ? units(length.toMinutes(), "min", length.toSecondsPart(), "s")
                : length.toSeconds() + " s";
    }

    private static String units(long large, String unit, int small, String smallUnit) {
        return large + " " + unit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }

    /** {@code in 3 min 2 s}; what is due or past is {@code now}. */
    static String in(Instant now, Instant then) {
        Duration wait = Duration.between(now, then);
        return wait.compareTo(Duration.ofSeconds(1)) < 0 ? "now" : "in " + span(wait);
    }

    /** {@code 3 min 2 s ago}. */
    static String ago(Instant now, Instant then) {
        Duration since = Duration.between(then, now);
        return since.compareTo(Duration.ofSeconds(1)) < 0 ? "just now" : span(since) + " ago";
    }

    /** Milliseconds below a second. */
    static String took(Duration time) {
        return time.compareTo(Duration.ofSeconds(1)) < 0
                ? time.toMillis() + " ms"
                : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }

    /** {@code 12,345}. */
    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 1 certificate}, {@code 2 certificates}. */
    static String count(long number, String noun) {
        return number(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /** Writes a moment to the second. */
    static void moment(Html html, Instant time) {
        write(html, time, MOMENT.format(time));
    }

    /** Writes a moment to the minute, without the year. */
    static void shortMoment(Html html, Instant time) {
        write(html, time, SHORT.format(time));
    }

    private static void write(Html html, Instant time, String text) {
        String machine = time.truncatedTo(ChronoUnit.SECONDS).toString();
        html.open("time").with("datetime", machine).text(text).end();
    }
}
