package io.staplegate.admin.status;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A staple's time from thisUpdate to nextUpdate, as a drawing: what is left is filled, now is a line, the next refresh
 * a ring. Places are attributes in percent, since a page under this policy may have no style of its own.
 *
 * @param nextRefresh null where none is planned
 */
record StapleBar(
        Instant thisUpdate,
        Instant nextUpdate,
        Instant now,
        @Nullable Instant nextRefresh) {
    private static final String HEIGHT = "16";
    private static final String MIDDLE = "8";

    /** {@code description}: the same in words. */
    void draw(Html html, Level level, String description) {
        html.open("svg", "bar " + level.word())
                .with("role", "img")
                .with("aria-label", description)
                .with("width", "100%")
                .with("height", HEIGHT);
        rectangle(html, "elapsed", "0", "100%");
        double place = place(now);
        rectangle(html, "left", percent(place), percent(100 - place));
        html.open("line", "now")
                .with("x1", percent(place))
                .with("x2", percent(place))
                .with("y1", "0")
                .with("y2", HEIGHT)
                .end();
        if (nextRefresh != null) {
            html.open("circle", "next")
                    .with("cx", percent(Math.clamp(place(nextRefresh), 1, 99)))
                    .with("cy", MIDDLE)
                    .with("r", "4")
                    .end();
        }
        html.end();
    }

    private static void rectangle(Html html, String name, String x, String width) {
        html.open("rect", name)
                .with("x", x)
                .with("width", width)
                .with("y", "5")
                .with("height", "6")
                .with("rx", "3")
                .end();
    }

    /** From 0 to 100, also of what lies outside. */
    private double place(Instant time) {
        double whole = Duration.between(thisUpdate, nextUpdate).toMillis();
        double part = Duration.between(thisUpdate, time).toMillis();
        return whole <= 0 ? 100 : Math.clamp(100 * part / whole, 0, 100);
    }

    private static String percent(double place) {
        return String.format(Locale.ROOT, "%.1f%%", place);
    }
}
