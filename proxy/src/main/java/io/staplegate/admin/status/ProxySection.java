package io.staplegate.admin.status;

import io.staplegate.telemetry.Readings;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The proxy itself: its clock, its configuration, its disk. */
final class ProxySection {
    private static final Duration NOTICEABLE = Duration.ofSeconds(2);

    private final Readings readings;
    private final Instant now;
    private final boolean ready;

    ProxySection(Snapshot snapshot) {
        this.readings = snapshot.readings();
        this.now = snapshot.now();
        this.ready = snapshot.ready();
    }

    void write(Html html) {
        html.open("section").with("id", "proxy").with("aria-labelledby", "proxy-title");
        html.open("h2").with("id", "proxy-title").text("Proxy").end();
        html.open("dl", "facts");
        fact(html, "Ready", () -> html.text(ready ? "yes" : "no"));
        fact(html, "Clock", () -> html.text(clock(readings.clockOffset())));
        fact(html, "Last reload", () -> writeReload(html, readings.reload()));
        fact(
                html,
                "Configuration",
                () -> html.text("read " + Words.ago(now, readings.reload().inForceSince())));
        fact(
                html,
                "Disk",
                () -> html.text(
                        readings.storeFailures() == 0
                                ? "no failures"
                                : Words.count(readings.storeFailures(), "failure") + " since the start"));
        html.end().end();
    }

    private static String clock(@Nullable Duration offset) {
        if (offset == null) {
            return "not compared yet";
        }
        return offset.abs().compareTo(NOTICEABLE) < 0
                ? "agrees with the responders’"
                : Words.span(offset) + (offset.isNegative() ? " ahead" : " behind");
    }

    private void writeReload(Html html, Readings.Reload reload) {
        Instant last = reload.last();
        if (last == null) {
            html.text("none since the start");
            return;
        }
        html.text((reload.accepted() ? "accepted " : "refused ") + Words.ago(now, last));
        if (!reload.accepted()) {
            html.element("span", "sub", "the log says why");
        }
    }

    private static void fact(Html html, String name, Runnable value) {
        html.open("div").element("dt", name).open("dd");
        value.run();
        html.end().end();
    }
}
