package io.staplegate.telemetry;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.staplegate.telemetry.Telemetry.RefreshOutcome;
import io.staplegate.telemetry.Telemetry.StapleStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The series of identities and their certificates, made at each scrape from one small value each.
 *
 * <p>There may be 10,000 identities, with fifteen series each: as meters of their own they would weigh ten times as
 * much. The maps are sorted as Prometheus sorts, because sorting at each scrape is what would take longest.
 */
final class IdentityMetrics implements MultiCollector {
    /** What one certificate's series show. */
    private record State(
            StapleStatus status,
            @Nullable Instant thisUpdate,
            @Nullable Instant nextUpdate) {}

    /** What happened to one identity since the start. */
    private static final class Counts {
        private final EachOf<RefreshOutcome, LongAdder> refreshes =
                new EachOf<>(RefreshOutcome.class, outcome -> new LongAdder());
        private final LongAdder exportFailures = new LongAdder();
    }

    private final ConcurrentMap<Labels, State> staples = new ConcurrentSkipListMap<>();
    private final ConcurrentMap<String, Counts> identities = new ConcurrentSkipListMap<>();

    void known(String identity) {
        counts(identity);
    }

    void forgotten(String identity) {
        identities.remove(identity);
    }

    void staple(Labels certificate, StapleStatus status, @Nullable Instant thisUpdate, @Nullable Instant nextUpdate) {
        staples.put(certificate, new State(status, thisUpdate, nextUpdate));
    }

    void stapleForgotten(Labels certificate) {
        staples.remove(certificate);
    }

    void refreshed(String identity, RefreshOutcome outcome) {
        counts(identity).refreshes.get(outcome).increment();
    }

    void exportFailed(String identity) {
        counts(identity).exportFailures.increment();
    }

    static Labels certificate(String identity, String certificate) {
        return Labels.of("certificate", certificate, "identity", identity);
    }

    @Override
    public MetricSnapshots collect() {
        List<GaugeDataPointSnapshot> statuses = new ArrayList<>();
        List<GaugeDataPointSnapshot> thisUpdates = new ArrayList<>();
        List<GaugeDataPointSnapshot> nextUpdates = new ArrayList<>();
        staples.forEach((certificate, state) -> {
            for (StapleStatus status : StapleStatus.values()) {
                statuses.add(point(certificate.add("status", Meters.word(status)), status == state.status ? 1 : 0));
            }
            if (state.thisUpdate != null) {
                thisUpdates.add(point(certificate, seconds(state.thisUpdate)));
            }
            if (state.nextUpdate != null) {
                nextUpdates.add(point(certificate, seconds(state.nextUpdate)));
            }
        });
        List<CounterDataPointSnapshot> refreshes = new ArrayList<>();
        List<CounterDataPointSnapshot> exportFailures = new ArrayList<>();
        identities.forEach((identity, counts) -> {
            for (RefreshOutcome outcome : RefreshOutcome.values()) {
                Labels labels = Labels.of("identity", identity, "outcome", Meters.word(outcome));
                refreshes.add(count(labels, counts.refreshes.get(outcome)));
            }
            exportFailures.add(count(Labels.of("identity", identity), counts.exportFailures));
        });
        return MetricSnapshots.of(
                new GaugeSnapshot(metadata(Metric.STAPLE_STATUS), statuses),
                new GaugeSnapshot(metadata(Metric.STAPLE_THIS_UPDATE), thisUpdates),
                new GaugeSnapshot(metadata(Metric.STAPLE_NEXT_UPDATE), nextUpdates),
                new CounterSnapshot(metadata(Metric.STAPLE_REFRESHES), refreshes),
                new CounterSnapshot(metadata(Metric.EXPORT_FAILURES), exportFailures));
    }

    private Counts counts(String identity) {
        return identities.computeIfAbsent(identity, name -> new Counts());
    }

    private static double seconds(Instant time) {
        return (double) time.getEpochSecond();
    }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return new GaugeDataPointSnapshot(value, labels, null);
    }

    private static CounterDataPointSnapshot count(Labels labels, LongAdder counter) {
        return new CounterDataPointSnapshot(counter.doubleValue(), labels, null, 0L);
    }

    private static MetricMetadata metadata(Metric metric) {
        return new MetricMetadata(metric.baseName(), metric.help());
    }
}
