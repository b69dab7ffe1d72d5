package io.staplegate.fetch;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.staplegate.fetch.ResponderView.Circuit;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * When each host last answered, and why it last did not: of a thousand hosts at the most, of which those that are
 * asked often outlast a flood of names out of devices' certificates. Safe for any thread.
 */
final class TrackRecords {
    private static final int MOST = 1_000;

    private final Cache<String, TrackRecord> records =
            Caffeine.newBuilder().maximumSize(MOST).build();

    private record TrackRecord(
            @Nullable Instant lastAnswer,
            @Nullable String lastError,
            @Nullable Instant lastErrorAt) {
        static final TrackRecord NONE = new TrackRecord(null, null, null);
    }

    void answered(String hostPort, Instant now) {
        records.asMap()
                .merge(
                        hostPort,
                        new TrackRecord(now, null, null),
                        (before, _) -> new TrackRecord(now, before.lastError, before.lastErrorAt));
    }

    /** {@code why}: for people. */
    void failed(String hostPort, String why, Instant now) {
        records.asMap()
                .merge(
                        hostPort,
                        new TrackRecord(null, why, now),
                        (before, _) -> new TrackRecord(before.lastAnswer, why, now));
    }

    /** One view for each host, by name. {@code troubled}: those whose circuit is not closed. */
    List<ResponderView> view(Map<String, Circuits.Trouble> troubled) {
        // Those above the bound leave a little later than others enter.
        records.cleanUp();
        Map<String, ResponderView> views = new TreeMap<>();
        records.asMap()
                .forEach((hostPort, known) -> views.put(hostPort, view(hostPort, known, troubled.get(hostPort))));
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
}
