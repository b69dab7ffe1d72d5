package io.staplegate.telemetry;

import io.micrometer.core.instrument.Counter;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The series of what becomes of a configuration that is read again. Safe for use by any thread. */
final class ReloadMetrics {
    private final InstantSource clock;
    private final Counter accepted;
    private final Counter refused;
    private volatile boolean lastSuccessful = true;
    private volatile @Nullable Instant last;
    private volatile Instant lastSuccess;

    /** {@code clock}: says when the configuration in force was read: now, at first. */
    ReloadMetrics(InstantSource clock, Meters meters) {
        this.clock = clock;
        accepted = meters.counter(Metric.CONFIG_RELOADS, "accepted");
        refused = meters.counter(Metric.CONFIG_RELOADS, "refused");
        lastSuccess = clock.instant();
        meters.gauge(Metric.CONFIG_LAST_RELOAD_SUCCESSFUL, this, us -> us.lastSuccessful ? 1 : 0);
        meters.gauge(Metric.CONFIG_LAST_RELOAD_SUCCESS, this, us -> (double) us.lastSuccess.getEpochSecond());
    }

    void ended(boolean isAccepted) {
        (isAccepted ? accepted : refused).increment();
        lastSuccessful = isAccepted;
        last = clock.instant();
        if (isAccepted) {
            lastSuccess = clock.instant();
        }
    }

    Readings.Reload read() {
        return new Readings.Reload(last, lastSuccessful, lastSuccess);
    }
}
