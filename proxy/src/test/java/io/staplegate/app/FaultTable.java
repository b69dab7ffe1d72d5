package io.staplegate.app;

import static java.util.stream.Collectors.joining;

import io.staplegate.app.FaultCourse.Moment;
import io.staplegate.app.FaultCourse.Stapled;
import io.staplegate.app.FaultCourse.Start;
import io.staplegate.app.FaultCourse.Visit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The fault matrix as text: a Markdown table, a row a fault. */
final class FaultTable {
    private static final String HEAD = """
            What is stapled while a responder has a fault: by a proxy that starts for the first time (cold), by one that
            runs with a good staple (warm), and by one that starts again with a good staple on its disk (restarted); and
            what is left when that staple ends. In brackets: `staplegate_staple_status`, where there is no staple. Then
            what is counted meanwhile: exchanges with the responder and refreshes by `outcome`, and by `rung`; and the
            responder's circuit. Last, the warnings and errors from the fault's beginning to its end.

            | fault | cold | warm | restarted | then | exchanges | refreshes | rung | circuit | logged |
            |---|---|---|---|---|---|---|---|---|---|
            """;

    private FaultTable() {}

    /** What came of one fault from each start. */
    record Row(Fault fault, FaultCourse cold, FaultCourse warm, FaultCourse restarted) {
        FaultCourse from(Start start) {
            return switch (start) {
                case COLD -> cold;
                case WARM -> warm;
                case RESTARTED -> restarted;
            };
        }
    }

    static String of(List<Row> rows) {
        return rows.stream().map(FaultTable::text).collect(joining("\n", HEAD, "\n"));
    }

    private static String text(Row row) {
        return Stream.of(
                        row.fault.title(),
                        stapled(row.cold, Moment.IN_FAULT),
                        stapled(row.warm, Moment.IN_FAULT),
                        stapled(row.restarted, Moment.IN_FAULT),
                        each(row, course -> stapled(course, Moment.AFTER_END)),
                        each(row, course -> course.exchanges().words()),
                        each(row, course -> course.refreshes().words()),
                        each(row, course -> course.rungs().words()),
                        each(row, course -> course.circuitOpen() ? "open" : "closed"),
                        each(row, FaultTable::logged))
                .collect(joining(" | ", "| ", " |"));
    }

    /** What all starts have in common, or what each has. */
    private static String each(Row row, Function<FaultCourse, String> fact) {
        Map<String, String> starts = new LinkedHashMap<>();
        for (Start start : Start.values()) {
            String name = start.name().toLowerCase(Locale.ROOT);
            starts.merge(fact.apply(row.from(start)), name, (one, other) -> one + ", " + other);
        }
        if (starts.size() > 1) {
            starts.remove("");
        }
        return starts.size() == 1
                ? starts.keySet().iterator().next()
                : starts.entrySet().stream()
                        .map(entry -> entry.getValue() + ": " + entry.getKey())
                        .collect(joining("; "));
    }

    private static String stapled(FaultCourse course, Moment moment) {
        Visit visit = course.at(moment);
        if (visit == null) {
            return "";
        }
        if (visit.refused()) {
            return "handshake refused";
        }
        if (visit.staples().isEmpty()) {
            return moment == Moment.IN_FAULT ? "nothing (" + course.status() + ")" : "nothing";
        }
        if (visit.isLike(course.at(Moment.BEFORE))) {
            return "last good";
        }
        String verdict =
                visit.staples().stream().map(Stapled::judged).distinct().collect(joining(", "));
        return verdict.equals("good") ? "its answer" : "its answer: " + verdict;
    }

    /** Each message, with how often it came. */
    private static String logged(FaultCourse course) {
        Map<String, Long> messages = course.log().stream()
                .map(line -> line.substring(0, line.indexOf('[')).strip())
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        return messages.entrySet().stream()
                .map(message -> message.getValue() + " × " + message.getKey())
                .collect(joining(", "));
    }
}
