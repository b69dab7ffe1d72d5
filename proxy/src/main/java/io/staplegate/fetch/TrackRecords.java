package io.staplegate.fetch;

import io.staplegate.fetch.ResponderView.Circuit;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** When each host last answered, and why it last did not: the thousand that were asked last. Safe for any thread. */
final class TrackRecords {
    private static final int MOST = 1_000;

    private final LinkedHashMap<String, TrackRecord> records = new LinkedHashMap<>(16, 0.75f, true);

    private record TrackRecord(
            @Nullable Instant lastAnswer,
            @Nullable String lastError,
            @Nullable Instant lastErrorAt) {
        static final TrackRecord NONE = new TrackRecord(null, null, null);
    }

    synchronized void answered(String hostPort, Instant now) {
        TrackRecord before = records.getOrDefault(hostPort, TrackRecord.NONE);
        put(hostPort, new TrackRecord(now, before.lastError, before.lastErrorAt));
    }

    /** {@code why}: for people. */
    synchronized void failed(String hostPort, String why, Instant now) {
        TrackRecord before = records.getOrDefault(hostPort, TrackRecord.NONE);
        put(hostPort, new TrackRecord(before.lastAnswer, why, now));
    }

    /** One view for each host, by name. {@code troubled}: those whose circuit is not closed. */
    synchronized List<ResponderView> view(Map<String, Circuits.Trouble> troubled) {
        Map<String, ResponderView> views = new TreeMap<>();
        records.forEach((hostPort, known) -> views.put(hostPort, view(hostPort, known, troubled.get(hostPort))));
        troubled.forEach(
                (hostPort, trouble) -> views.computeIfAbsent(hostPort, name -> view(name, TrackRecord.NONE, trouble)));
        return List.copyOf(views.values());
    }

    private static ResponderView view(String hostPort, TrackRecord known, Circuits.@Nullable Trouble trouble) {
        return new ResponderView(
                hostPort,
                trouble == null ? Circuit.CLOSED : trouble.circuit(),
                trouble == null ? null : trouble.nextProbe(),
                known.lastAnswer,
                known.lastError,
                known.lastErrorAt);
    }

    private void put(String hostPort, TrackRecord known) {
        records.put(hostPort, known);
        if (records.size() > MOST) {
            records.pollFirstEntry();
        }
    }
}
