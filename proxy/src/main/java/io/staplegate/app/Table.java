package io.staplegate.app;

import io.staplegate.config.Printable;
import java.time.Duration;
import java.util.List;

/** Text in columns, for people. */
final class Table {
    private Table() {}

    /** One line for each row, with every column but the last as wide as its widest cell. */
    static List<String> lines(List<List<String>> cells) {
        List<List<String>> rows = cells.stream()
                .map(row -> row.stream().map(Printable::line).toList())
                .toList();
        int columns = rows.getFirst().size();
        int[] widths = new int[columns - 1];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    /** A length of time by its two largest units: {@code 3d 4h}, {@code 12m 5s}; {@code -5s} is past. */
    static String roughly(Duration span) {
        if (span.isNegative()) {
            String past = roughly(span.negated());
            return past.equals("0s") ? past : "-" + past;
        }
        if (span.toDays() > 0) {
            return span.toDays() + "d " + span.toHoursPart() + "h";
        }
        if (span.toHours() > 0) {
            return span.toHours() + "h " + span.toMinutesPart() + "m";
        }
        return span.toMinutes() > 0 ? span.toMinutes() + "m " + span.toSecondsPart() + "s" : span.toSeconds() + "s";
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
        }
        return line.append(row.getLast()).toString();
    }
}
