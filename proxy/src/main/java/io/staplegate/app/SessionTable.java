package io.staplegate.app;

import io.staplegate.app.AdminClient.Dated;
import io.staplegate.relay.SessionView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Open sessions of a running proxy, for people.
 *
 * @param time of the view, by the proxy's clock
 */
record SessionTable(List<SessionView> sessions, Instant time) {
    private static final List<String> HEADINGS = List.of(
            "ID",
            "LISTENER",
            "SOURCE",
            "VERSION",
            "IDENTITY",
            "BACKEND",
            "OPEN",
            "IDLE",
            "FROM DEVICE",
            "TO DEVICE",
            "SNI",
            "DEVICE");

    /** {@code view}: JSON, as the admin endpoint answers. */
    static SessionTable parse(Dated<String> view) throws CommandFailure {
        Dated<List<SessionView>> rows = AdminClient.rows(view, SessionView[].class, "no view of sessions");
        return new SessionTable(rows.content(), rows.time());
    }

    List<String> lines() {
        List<List<String>> rows = new ArrayList<>(List.of(HEADINGS));
        sessions.forEach(session -> rows.add(row(session)));
        return Table.lines(rows);
    }

    private List<String> row(SessionView session) {
        Duration idle = Duration.ofSeconds(session.idleSeconds());
        Duration open = Duration.between(session.opened(), time); // whose seconds have no parts
        return List.of(
                session.id(),
                session.listener(),
                session.source(),
                session.version(),
                Objects.requireNonNullElse(session.identity(), "-"),
                session.backend(),
                Table.roughly(open.compareTo(idle) < 0 ? idle : open),
                Table.roughly(idle),
                String.valueOf(session.bytesFromDevice()),
                String.valueOf(session.bytesToDevice()),
                Objects.requireNonNullElse(session.serverName(), "-"),
                Objects.requireNonNullElse(session.device(), "-"));
    }
}
