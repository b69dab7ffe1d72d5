package io.staplegate.telemetry;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The series of the revocation lists that devices are checked against: of each that is configured, and of a hundred
 * that certificates name; the failures of all others are counted together. Safe for use by any thread.
 */
public final class CrlMetrics implements MultiCollector {
    private static final int MOST_OTHERS = 100;
    private static final String REST = "other";

    private final ConcurrentMap<String, Series> lists = new ConcurrentSkipListMap<>();

    /** What one list's series show. */
    private static final class Series {
        private final boolean configured;
        private final LongAdder failures = new LongAdder();
        private volatile @Nullable State state;

        Series(boolean configured) {
            this.configured = configured;
        }
    }

    private record State(Instant thisUpdate, Instant nextUpdate, long entries, long bytes) {}

    /** Creates the series of a list, if there is room. {@code list}: its host, port and path, or its file. */
    public synchronized void known(String list, boolean configured) {
        if (!lists.containsKey(list) && (configured || others() < MOST_OTHERS)) {
            lists.put(list, new Series(configured));
        }
    }

    /** A list is held from now on. {@code bytes}: of memory. */
    public void held(String list, Instant thisUpdate, Instant nextUpdate, long entries, long bytes) {
        Series series = lists.get(list);
        if (series != null) {
            series.state = new State(thisUpdate, nextUpdate, entries, bytes);
        }
    }

    /** A list could not be had. */
    public synchronized void failed(String list) {
        Series series = lists.get(list);
        if (series == null) {
            series = lists.computeIfAbsent(REST, _ -> new Series(true));
        }
        series.failures.increment();
    }

    /** A list that nobody asks for any more: its series end. */
    public void forgotten(String list) {
        lists.remove(list);
    }

    /** One for each list that has series, by name. */
    List<Readings.RevocationList> read() {
        List<Readings.RevocationList> all = new ArrayList<>();
        lists.forEach((list, series) -> {
            State state = series.state;
            all.add(new Readings.RevocationList(
                    list,
                    state == null ? null : state.nextUpdate,
                    state == null ? 0 : state.entries,
                    series.failures.sum()));
        });
        return List.copyOf(all);
    }

    private long others() {
        return lists.values().stream().filter(series -> !series.configured).count();
    }

    @Override
    public MetricSnapshots collect() {
        List<GaugeDataPointSnapshot> thisUpdates = new ArrayList<>();
        List<GaugeDataPointSnapshot> nextUpdates = new ArrayList<>();
        List<GaugeDataPointSnapshot> entries = new ArrayList<>();
        List<GaugeDataPointSnapshot> bytes = new ArrayList<>();
        List<CounterDataPointSnapshot> failures = new ArrayList<>();
        lists.forEach((list, series) -> {
            Labels labels = Labels.of("list", list);
            State state = series.state;
            if (state != null) {
                thisUpdates.add(point(labels, (double) state.thisUpdate.getEpochSecond()));
                nextUpdates.add(point(labels, (double) state.nextUpdate.getEpochSecond()));
                entries.add(point(labels, (double) state.entries));
                bytes.add(point(labels, (double) state.bytes));
            }
            failures.add(new CounterDataPointSnapshot(series.failures.doubleValue(), labels, null, 0L));
        });
        return MetricSnapshots.of(
                new GaugeSnapshot(metadata(Metric.DEVICE_CRL_THIS_UPDATE), thisUpdates),
                new GaugeSnapshot(metadata(Metric.DEVICE_CRL_NEXT_UPDATE), nextUpdates),
                new GaugeSnapshot(metadata(Metric.DEVICE_CRL_ENTRIES), entries),
                new GaugeSnapshot(metadata(Metric.DEVICE_CRL_BYTES), bytes),
                new CounterSnapshot(metadata(Metric.DEVICE_CRL_FAILURES), failures));
    }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return new GaugeDataPointSnapshot(value, labels, null);
    }

    private static MetricMetadata metadata(Metric metric) {
        return new MetricMetadata(metric.baseName(), metric.help());
    }
}
