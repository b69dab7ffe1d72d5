package io.staplegate.relay;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The sessions of one listener that are open, oldest first. Safe for use by any thread; holds a reference and a number
 * for each, since there may be a hundred thousand.
 */
public final class OpenSessions {
    /** One for the process: an id is never given again. */
    private static final AtomicLong IDS = new AtomicLong();

    private final String listener;
    private final String backend;
    private final ConcurrentNavigableMap<Long, OpenSession> byId = new ConcurrentSkipListMap<>();

    OpenSessions(String listener, String backend) {
        this.listener = listener;
        this.backend = backend;
    }

    String listener() {
        return listener;
    }

    /** Returns its id. */
    long add(OpenSession session) {
        long id = IDS.incrementAndGet();
        byId.put(id, session);
        return id;
    }

    void remove(long id) {
        byId.remove(id);
    }

    int size() {
        return byId.size();
    }

    /** Ends a session; false where there is none with that id, or it is being ended already. */
    boolean kill(long id) {
        OpenSession session = byId.remove(id);
        if (session != null) {
            session.kill();
        }
        return session != null;
    }

    /** The oldest, at most so many. */
    List<SessionView> oldest(int most, Instant now) {
        return byId.entrySet().stream()
                .limit(most)
                .map(entry -> view(entry, now))
                .toList();
    }

    private SessionView view(Map.Entry<Long, OpenSession> entry, Instant now) {
        OpenSession session = entry.getValue();
        SessionFacts facts = session.facts();
        long nanos = session.now();
        return new SessionView(
                String.valueOf(entry.getKey()),
                listener,
                facts.sourceText(),
                facts.version(),
                facts.serverName(),
                facts.identity(),
                facts.deviceName(),
                backend,
                now.minusNanos(nanos - session.openedAt()).truncatedTo(ChronoUnit.MILLIS),
                session.bytesFromDevice(),
                session.bytesToDevice(),
                Math.max(0, Duration.ofNanos(nanos - session.lastByteAt()).toSeconds()));
    }
}
