package io.staplegate.relay;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The open sessions of every listener, for operators. Safe for use by any thread; never waits for an event loop. */
public final class SessionBook {
    private static final Comparator<SessionView> BY_AGE = Comparator.comparingLong(view -> Long.parseLong(view.id()));

    /** As it is shown, and no other way to write the number. */
    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,17}");

    private final InstantSource clock;
    private final List<OpenSessions> listeners = new CopyOnWriteArrayList<>();

    /** {@code clock}: what the times of sessions are told by. */
    public SessionBook(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Some of the open sessions.
     *
     * @param total how many there are in all
     * @param oldest the oldest of them, in order
     */
    public record Page(int total, List<SessionView> oldest) {}

    /** Takes up the sessions of a listener. */
    public void add(OpenSessions sessions) {
        listeners.add(sessions);
    }

    /**
     * The oldest sessions.
     *
     * @param listener of this one; null: of all
     * @return null where there is no such listener
     */
    public @Nullable Page oldest(@Nullable String listener, int most) {
        List<OpenSessions> asked = listeners.stream()
                .filter(sessions -> listener == null || sessions.listener().equals(listener))
                .toList();
        if (asked.isEmpty() && listener != null) {
            return null;
        }
        Instant now = clock.instant();
        List<SessionView> oldest = asked.stream()
                .flatMap(sessions -> sessions.oldest(most, now).stream())
                .sorted(BY_AGE)
                .limit(most)
                .toList();
        return new Page(asked.stream().mapToInt(OpenSessions::size).sum(), oldest);
    }

    /** Ends a session; false where there is none with that id, or it is being ended already. */
    public boolean kill(String id) {
        if (!ID.matcher(id).matches()) {
            return false;
        }
        long number = Long.parseLong(id);
        return listeners.stream().anyMatch(sessions -> sessions.kill(number));
    }
}
