package io.staplegate.telemetry;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The README's table of metrics. */
final class MetricTable {
    private static final List<String> COLUMNS = List.of("metric", "type", "labels", "appears", "says", "what to do");

    private MetricTable() {}

    static String markdown() {
        return row(COLUMNS)
                + COLUMNS.stream().map(_ -> "---").collect(Collectors.joining("|", "|", "|\n"))
                + Arrays.stream(Metric.values())
                        .map(metric -> row(List.of(
                                code(metric.fullName()),
                                metric.type().text(),
                                metric.labels().stream().map(MetricTable::code).collect(Collectors.joining(", ")),
                                metric.appearance().text(),
                                metric.says(),
                                metric.advice())))
                        .collect(Collectors.joining());
    }

    private static String row(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String code(String text) {
        return "`" + text + "`";
    }
}
