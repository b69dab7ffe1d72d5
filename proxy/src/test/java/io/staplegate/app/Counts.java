package io.staplegate.app;

import io.staplegate.telemetry.Telemetry;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The series of one metric that are not 0.
 *
 * @param by the value of one of their labels
 */
record Counts(Map<String, Double> by) {
    static Counts of(Telemetry telemetry, String metric, String label) {
        return of(telemetry, metric, label, "");
    }

    /** Of the series whose labels have {@code also} in them. */
    static Counts of(Telemetry telemetry, String metric, String label, String also) {
        Pattern series = Pattern.compile(
                "^" + metric + "\\{(?=[^}]*" + Pattern.quote(also) + ")[^}]*\\b" + label
                        + "=\"([^\"]*)\"[^}]*\\} (.*)$",
                Pattern.MULTILINE);
        Matcher line = series.matcher(telemetry.scrape(telemetry.contentType(null)));
        Map<String, Double> counts = new TreeMap<>();
        while (line.find()) {
            counts.merge(line.group(1), Double.valueOf(line.group(2)), Double::sum);
        }
        counts.values().removeIf(value -> value == 0);
        return new Counts(counts);
    }

    /** What has come since an earlier moment. */
    Counts since(Counts earlier) {
        Map<String, Double> more = new TreeMap<>(by);
        earlier.by.forEach((value, count) -> more.merge(value, -count, Double::sum));
        more.values().removeIf(value -> value == 0);
        return new Counts(more);
    }

    /** The label's values alone. */
    String words() {
        return String.join(", ", by.keySet());
    }
}
