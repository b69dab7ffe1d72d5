package io.staplegate.admin.status;

import io.staplegate.fetch.ResponderView;
import io.staplegate.fetch.ResponderView.Circuit;
import io.staplegate.telemetry.Readings;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who is asked for staples, and how well that goes: the worst first, a hundred of them. */
final class ResponderSection {
    private static final List<String> HEADINGS =
            List.of("Responder", "Circuit", "Last answer", "95 % within", "Requests");
    private static final int MOST = 100;

    private final List<ResponderView> responders;
    private final Map<String, Readings.Responder> readings;
    private final Instant now;

    ResponderSection(Snapshot snapshot) {
        this.responders = snapshot.responders().stream()
                .sorted(Comparator.comparing(ResponderView::circuit).reversed().thenComparing(ResponderView::hostPort))
                .toList();
        this.readings = snapshot.readings().responders().stream()
                .collect(Collectors.toMap(Readings.Responder::hostPort, Function.identity()));
        this.now = snapshot.now();
    }

    void write(Html html) {
        html.open("section").with("id", "responders").with("aria-labelledby", "responders-title");
        html.open("h2").with("id", "responders-title").text("Responders").end();
        if (responders.isEmpty()) {
            html.element("p", "nothing", "No responder has been asked since the start.");
        } else {
            Table table = Table.begin(html, "responders", "Responders and their circuits, the worst first", HEADINGS);
            responders.stream().limit(MOST).forEach(responder -> write(html, table, responder));
            table.end();
        }
        if (responders.size() > MOST) {
            html.element("p", "sub", "And " + Words.number(responders.size() - (long) MOST) + " more.");
        }
        html.end();
    }

    private void write(Html html, Table table, ResponderView responder) {
        Readings.@Nullable Responder reading = readings.get(responder.hostPort());
        Duration percentile = reading == null ? null : reading.recent95thPercentile();
        table.row(() -> {
                    html.open("span", "name");
                    Name.write(html, responder.hostPort());
                    html.end();
                })
                .cell("status", () -> writeCircuit(html, responder))
                .cell(() -> writeAnswers(html, responder))
                .cell(percentile == null ? "–" : Words.took(percentile))
                .cell(() -> html.text(reading == null ? "–" : outcomes(reading.requests())))
                .endRow();
    }

    private void writeCircuit(Html html, ResponderView responder) {
        Level level = responder.circuit() == Circuit.CLOSED ? Level.GOOD : Level.ATTENTION;
        html.open("span", "word " + level.word());
        level.drawIcon(html);
        html.text(
                        switch (responder.circuit()) {
                            case CLOSED -> "Closed";
                            case OPEN -> "Open";
                            case PROBED -> "Open, probed now";
                        })
                .end();
        Instant probe = responder.nextProbe();
        if (responder.circuit() == Circuit.OPEN && probe != null) {
            html.element("span", "sub", "next probe " + Words.in(now, probe));
        }
    }

    private void writeAnswers(Html html, ResponderView responder) {
        Instant answer = responder.lastAnswer();
        html.text(answer == null ? "never" : Words.ago(now, answer));
        String error = responder.lastError();
        Instant at = responder.lastErrorAt();
        if (error != null && at != null) {
            html.open("p", answer != null && answer.isAfter(at) ? "sub" : "error");
            Name.writeQuote(html, error);
            html.text(", " + Words.ago(now, at)).end();
        }
    }

    /** The most frequent first. */
    private static String outcomes(Map<String, Long> requests) {
        return requests.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .map(entry ->
                        Words.number(entry.getValue()) + " " + entry.getKey().replace('_', ' '))
                .collect(Collectors.joining(", "));
    }
}
