package io.staplegate.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Makes Micrometer's meters of our {@link Metric}s; label values are given in the order of the metric's labels. */
record Meters(MeterRegistry registry) {
    Counter counter(Metric metric, String... values) {
        return Counter.builder(metric.baseName())
                .description(metric.help())
                .tags(tags(metric, values))
                .register(registry);
    }

    /** A value that is read at each scrape; the caller keeps {@code state}, which is referenced weakly. */
    <T> void gauge(Metric metric, T state, ToDoubleFunction<T> value, String... values) {
        Gauge.builder(metric.fullName(), state, value)
                .description(metric.help())
                .tags(tags(metric, values))
                .register(registry);
    }

    /** A fact in its labels; the dot is Micrometer's sign for one. */
    void info(Metric metric, String... values) {
        Gauge.builder(metric.baseName() + ".info", () -> 1)
                .description(metric.help())
                .tags(tags(metric, values))
                .register(registry);
    }

    Timer timer(Metric metric, Duration[] buckets, String... values) {
        return Timer.builder(metric.baseName())
                .description(metric.help())
                .tags(tags(metric, values))
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    /** A constant as a label's value. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static List<Tag> tags(Metric metric, String... values) {
        List<String> labels = metric.labels();
        if (labels.size() != values.length) {
            throw new IllegalArgumentException(
                    "labels.size() == values.length: " + labels.size() + ", " + values.length);
        }
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            tags.add(Tag.of(labels.get(i), values[i]));
        }
        return tags;
    }
}
