package io.staplegate.app;

import io.staplegate.app.AdminClient.Dated;
import io.staplegate.staple.StapleView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The staples view of a running proxy, for people.
 *
 * @param time of the view, by the proxy's clock
 */
record StapleTable(List<StapleView> staples, Instant time) {
    private static final List<String> HEADINGS = List.of(
            "IDENTITY",
            "CERTIFICATE",
            "POSITION",
            "STATUS",
            "AGE",
            "ENDS IN",
            "REFRESH IN",
            "BYTES",
            "RUNG",
            "LAST ERROR");

    /** {@code view}: JSON, as the admin endpoint answers. */
    static StapleTable parse(Dated<String> view) throws CommandFailure {
        Dated<List<StapleView>> rows = AdminClient.rows(view, StapleView[].class, "no staples view");
        return new StapleTable(rows.content(), rows.time());
    }

    List<String> lines() {
        List<List<String>> rows = new ArrayList<>(List.of(HEADINGS));
        staples.forEach(staple -> rows.add(row(staple, time)));
        return Table.lines(rows);
    }

    /** Whether the last look at every certificate's responder got an answer. */
    boolean isFreeOfErrors() {
        return staples.stream().allMatch(staple -> staple.lastError() == null);
    }

    private static List<String> row(StapleView staple, Instant now) {
        return List.of(
                staple.identity(),
                staple.certificate(),
                String.valueOf(staple.position()),
                staple.status(),
                span(staple.thisUpdate(), now),
                span(now, staple.nextUpdate()),
                wait(now, staple.nextRefresh()),
                String.valueOf(staple.bytes()),
                Objects.requireNonNullElse(staple.rung(), "-"),
                Objects.requireNonNullElse(staple.lastError(), "-"));
    }

    /** What is due may have to wait: for its turn, or for a responder that is down. */
    private static String wait(Instant now, @Nullable Instant next) {
        return next != null && next.isBefore(now.plusSeconds(1)) ? "now" : span(now, next);
    }

    private static String span(@Nullable Instant from, @Nullable Instant to) {
        return from == null || to == null ? "-" : Table.roughly(Duration.between(from, to));
    }
}
