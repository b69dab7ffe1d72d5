package io.staplegate.admin.status;

import io.staplegate.telemetry.DeviceCheck;
import io.staplegate.telemetry.Readings;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What came of checking devices' certificates, and the revocation lists that they are checked against. */
final class DeviceSection {
    private static final List<String> CHECKS =
            List.of("Listener", "Checks by outcome", "Paths refused", "Cut off later");
    private static final List<String> LISTS = List.of("Revocation list", "Ends", "Entries", "Failures");

    private final List<Readings.Listener> checking;
    private final List<Readings.RevocationList> lists;
    private final Instant now;

    DeviceSection(Snapshot snapshot) {
        this.checking = snapshot.readings().listeners().stream()
                .filter(listener -> listener.pathsRefused() > 0
                        || !outcomes(listener.deviceChecks()).isEmpty())
                .toList();
        this.lists = snapshot.readings().lists();
        this.now = snapshot.now();
    }

    void write(Html html) {
        html.open("section").with("id", "devices").with("aria-labelledby", "devices-title");
        html.open("h2")
                .with("id", "devices-title")
                .text("Devices’ certificates")
                .end();
        if (checking.isEmpty() && lists.isEmpty()) {
            html.element("p", "nothing", "No device has been checked since the start.");
        }
        if (!checking.isEmpty()) {
            writeChecks(html);
        }
        if (!lists.isEmpty()) {
            writeLists(html);
        }
        html.end();
    }

    private void writeChecks(Html html) {
        Table table = Table.begin(html, "checks", "Checks of devices since the start", CHECKS);
        for (Readings.Listener listener : checking) {
            table.row(() -> writeName(html, listener.name()))
                    .cell(outcomes(listener.deviceChecks()))
                    .figure(listener.pathsRefused())
                    .figure(listener.devicesCutOff())
                    .endRow();
        }
        table.end();
    }

    private static String outcomes(Map<DeviceCheck, Long> checks) {
        return checks.entrySet().stream()
                .filter(check -> check.getValue() > 0)
                .map(check -> Words.number(check.getValue()) + " "
                        + check.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .collect(Collectors.joining(", "));
    }

    private void writeLists(Html html) {
        Table table = Table.begin(html, "lists", "Revocation lists that devices are checked against", LISTS);
        for (Readings.RevocationList list : lists) {
            table.row(() -> writeName(html, list.name()))
                    .cell("status", () -> writeEnd(html, list))
                    .figure(list.entries())
                    .figure(list.failures())
                    .endRow();
        }
        table.end();
    }

    private void writeEnd(Html html, Readings.RevocationList list) {
        Instant end = list.nextUpdate();
        boolean holds = end != null && now.isBefore(end);
        Level level = holds ? Level.GOOD : list.failures() > 0 || end != null ? Level.ATTENTION : Level.IDLE;
        html.open("span", "word " + level.word());
        level.drawIcon(html);
        html.text(end == null ? "Not there" : holds ? Words.in(now, end) : "Ended " + Words.ago(now, end))
                .end();
    }

    private static void writeName(Html html, String name) {
        html.open("span", "name");
        Name.write(html, name);
        html.end();
    }
}
