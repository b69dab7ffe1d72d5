package io.staplegate.telemetry;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The series of responders. Certificates of devices name some, so that only so many have series of their own; the
 * others share one, {@code other}. Safe for use by any thread.
 */
final class ResponderMetrics {
    static final int MOST = 100;
    private static final String REST = "other";
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(50),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(15)
    };

    private final Meters meters;
    private final Latencies latencies = new Latencies();
    private final Set<String> named = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<Exchange, Timer> exchanges = new ConcurrentHashMap<>();

    /** By label, the responders that are down. */
    private final ConcurrentMap<String, Set<String>> down = new ConcurrentHashMap<>();

    /** One kind of request's end, which has a histogram. */
    private record Exchange(String label, String outcome) {}

    ResponderMetrics(Meters meters) {
        this.meters = meters;
    }

    void requested(String responder, String outcome, Duration took) {
        exchanges
                .computeIfAbsent(
                        new Exchange(label(responder), outcome),
                        key -> meters.timer(Metric.RESPONDER_REQUESTS, BUCKETS, key.label, key.outcome))
                .record(took);
        latencies.record(responder, took);
    }

    @Nullable
    Duration recent95thPercentile(String responder) {
        return latencies.recent95thPercentile(responder);
    }

    void circuitOpen(String responder, boolean open) {
        Set<String> some = down.computeIfAbsent(label(responder), this::newCircuits);
        if (open) {
            some.add(responder);
        } else {
            some.remove(responder);
        }
    }

    /** One for each label, by name. */
    List<Readings.Responder> read() {
        Map<String, Map<String, Long>> requests = new TreeMap<>();
        exchanges.forEach((exchange, timer) ->
                requests.computeIfAbsent(exchange.label, _ -> new TreeMap<>()).put(exchange.outcome, timer.count()));
        List<Readings.Responder> responders = new ArrayList<>();
        requests.forEach((responder, outcomes) -> responders.add(
                new Readings.Responder(responder, Map.copyOf(outcomes), recent95thPercentile(responder))));
        return List.copyOf(responders);
    }

    private Set<String> newCircuits(String label) {
        Set<String> some = ConcurrentHashMap.newKeySet();
        meters.gauge(Metric.CIRCUIT_OPEN, some, all -> all.isEmpty() ? 0 : 1, label);
        return some;
    }

    private String label(String responder) {
        if (named.contains(responder)) {
            return responder;
        }
        synchronized (named) {
            if (named.size() < MOST) {
                named.add(responder);
            }
            return named.contains(responder) ? responder : REST;
        }
    }
}
