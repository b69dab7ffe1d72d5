package io.staplegate.telemetry;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The meters of responders, and how fast each has been of late. */
final class ResponderMetrics {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(50),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(15)
    };

    private final Meters meters;
    private final ConcurrentMap<Exchange, Timer> exchanges = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Boolean> circuits = new ConcurrentHashMap<>();
    private final Latencies latencies = new Latencies();

    /** One kind of request's end, which has a histogram. */
    private record Exchange(String responder, String outcome) {}

    ResponderMetrics(Meters meters) {
        this.meters = meters;
    }

    void requested(String responder, String outcome, Duration took) {
        exchanges
                .computeIfAbsent(
                        new Exchange(responder, outcome),
                        key -> meters.timer(Metric.RESPONDER_REQUESTS, BUCKETS, key.responder, key.outcome))
                .record(took);
        latencies.record(responder, took);
    }

    @Nullable
    Duration recent95thPercentile(String responder) {
        return latencies.recent95thPercentile(responder);
    }

    void circuitOpen(String responder, boolean open) {
        if (circuits.put(responder, open) == null) {
            meters.gauge(
                    Metric.CIRCUIT_OPEN, circuits, all -> Boolean.TRUE.equals(all.get(responder)) ? 1 : 0, responder);
        }
    }

    /** One for each responder that was asked, by name. */
    List<Readings.Responder> read() {
        Map<String, Map<String, Long>> requests = new TreeMap<>();
        exchanges.forEach((exchange, timer) -> requests.computeIfAbsent(exchange.responder, _ -> new TreeMap<>())
                .put(exchange.outcome, timer.count()));
        List<Readings.Responder> responders = new ArrayList<>();
        requests.forEach((responder, outcomes) -> responders.add(
                new Readings.Responder(responder, Map.copyOf(outcomes), recent95thPercentile(responder))));
        return List.copyOf(responders);
    }
}
