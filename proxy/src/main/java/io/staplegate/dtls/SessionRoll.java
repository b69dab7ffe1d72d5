package io.staplegate.dtls;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sessions of an event loop in no order, to be gone through a few at a time. Each knows its own place. */
final class SessionRoll {
    private final List<DeviceSession> sessions = new ArrayList<>();
    private int visited;

    int size() {
        return sessions.size();
    }

    /** Any of them, or null where there is none. */
    @Nullable
    DeviceSession any() {
        return sessions.isEmpty() ? null : sessions.getLast();
    }

    void add(DeviceSession session) {
        session.setPlace(sessions.size());
        sessions.add(session);
    }

    void remove(DeviceSession session) {
        DeviceSession last = sessions.removeLast();
        if (last != session) {
            sessions.set(session.place(), last);
            last.setPlace(session.place());
        }
    }

    /**
     * Visits the next few. It goes downward, so that a session which takes the place of one that is removed meanwhile
     * is one that has been visited.
     */
    void visit(int count, Consumer<DeviceSession> visitor) {
        for (int i = 0; i < count && !sessions.isEmpty(); i++) {
            visited = (visited == 0 ? sessions.size() : Math.min(visited, sessions.size())) - 1;
            visitor.accept(sessions.get(visited));
        }
    }
}
