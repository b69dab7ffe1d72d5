package io.staplegate.admin.status;

import io.staplegate.telemetry.Readings;
import io.staplegate.telemetry.Telemetry.HandshakeOutcome;
import io.staplegate.telemetry.Telemetry.StapleKind;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Who comes to each listener, and what they are given. */
final class ListenerSection {
    private static final List<String> SESSIONS = List.of(
            "Listener",
            "Sessions",
            "Pending",
            "Whole chain stapled",
            "Leaf stapled",
            "Nothing to staple",
            "Not asked for",
            "Staple rejected",
            "Turned away");
    private static final List<String> HANDSHAKES =
            List.of("Handshakes", "Ok", "Resumed", "Alert sent", "Alert received", "Timeout", "Closed");

    private final List<Readings.Listener> listeners;

    ListenerSection(Snapshot snapshot) {
        this.listeners = snapshot.readings().listeners();
    }

    void write(Html html) {
        html.open("section").with("id", "listeners").with("aria-labelledby", "listeners-title");
        html.open("h2").with("id", "listeners-title").text("Listeners").end();
        if (listeners.isEmpty()) {
            html.element("p", "nothing", "No listener is configured: staples are only exported or mirrored.");
        } else {
            writeSessions(html);
            writeHandshakes(html);
        }
        html.end();
    }

    private void writeSessions(Html html) {
        Table table = Table.begin(html, "figures", "Sessions that are open, and full handshakes by staple", SESSIONS);
        for (Readings.Listener listener : listeners) {
            table.row(() -> writeName(html, listener.name()))
                    .figure(listener.sessions())
                    .figure(listener.pending())
                    .figure(stapled(listener, StapleKind.CHAIN))
                    .figure(stapled(listener, StapleKind.LEAF))
                    .figure(stapled(listener, StapleKind.NONE))
                    .figure(stapled(listener, StapleKind.NOT_REQUESTED))
                    .figure(listener.staplesRejected())
                    .figure(listener.connectionsRefused())
                    .endRow();
        }
        table.end();
    }

    private static long stapled(Readings.Listener listener, StapleKind kind) {
        return Objects.requireNonNull(listener.staples().get(kind));
    }

    private void writeHandshakes(Html html) {
        boolean any = listeners.stream()
                .flatMap(listener -> listener.handshakes().values().stream())
                .anyMatch(ListenerSection::isAny);
        if (!any) {
            html.element("p", "nothing", "No handshake has ended since the start.");
            return;
        }
        Table table = Table.begin(html, "figures", "Handshakes since the start, by version and end", HANDSHAKES);
        for (Readings.Listener listener : listeners) {
            listener.handshakes().forEach((version, ends) -> {
                if (isAny(ends)) {
                    table.row(() -> {
                        writeName(html, listener.name());
                        html.element("span", "sub", version.equals("unknown") ? "before a version" : version);
                    });
                    ends.values().forEach(table::figure);
                    table.endRow();
                }
            });
        }
        table.end();
    }

    private static boolean isAny(Map<HandshakeOutcome, Long> ends) {
        return ends.values().stream().anyMatch(number -> number > 0);
    }

    private static void writeName(Html html, String name) {
        html.open("span", "name");
        Name.write(html, name);
        html.end();
    }
}
