package io.staplegate.telemetry;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How long recent exchanges with each responder took; not shown to anybody. */
final class Latencies {
    private static final double PERCENTILE = 0.95;
    private static final int FEW = 20;
    private static final Duration RECENT = Duration.ofMinutes(30);
    private static final int PARTS = 3;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, Clock.SYSTEM);
    private final ConcurrentMap<String, Timer> timers = new ConcurrentHashMap<>();

    void record(String responder, Duration took) {
        timers.computeIfAbsent(responder, this::timer).record(took);
    }

    /** Null where there were too few exchanges to tell. */
    @Nullable
    Duration recent95thPercentile(String responder) {
        Timer timer = timers.get(responder);
        if (timer == null || timer.count() < FEW) {
            return null;
        }
        ValueAtPercentile percentile = timer.takeSnapshot().percentileValues()[0];
        long nanos = (long) percentile.value(TimeUnit.NANOSECONDS);
        return nanos == 0 ? null : Duration.ofNanos(nanos); // 0: none of them was recent
    }

    private Timer timer(String responder) {
        return Timer.builder("responder")
                .tag("responder", responder)
                .publishPercentiles(PERCENTILE)
                .distributionStatisticExpiry(RECENT)
                .distributionStatisticBufferLength(PARTS)
                .register(registry);
    }
}
