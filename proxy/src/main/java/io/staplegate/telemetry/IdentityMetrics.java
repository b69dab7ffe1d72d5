package io.staplegate.telemetry;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.staplegate.telemetry.Telemetry.RefreshOutcome;
import io.staplegate.telemetry.Telemetry.StapleStatus;
import io.staplegate.telemetry.Telemetry.Validity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The series of identities and their certificates, made at each scrape from one small value each.
 *
 * <p>There may be 10,000 identities, with twenty series each: as meters of their own they would weigh ten times as
 * much. The maps are sorted as Prometheus sorts, because sorting at each scrape is what would take longest.
 */
final class IdentityMetrics implements MultiCollector {
    /** What one certificate's series show. */
    private record State(
            StapleStatus status,
            @Nullable Instant thisUpdate,
            @Nullable Instant nextUpdate) {}

    /** One certificate that is sent; {@code required}: its staple, null where it is not an identity's own. */
    private record Sent(Validity validity, @Nullable Boolean required) {}

    /** One identity: what it sends, and what happened to it since the start. */
    private static final class Counts {
        private volatile List<Labels> sent = List.of();
        private final EachOf<RefreshOutcome, LongAdder> refreshes =
                new EachOf<>(RefreshOutcome.class, outcome -> new LongAdder());
        private final LongAdder exportFailures = new LongAdder();
    }

    private static final SortedMap<String, StapleStatus> STATUSES = new TreeMap<>(
            Arrays.stream(StapleStatus.values()).collect(Collectors.toMap(Meters::word, Function.identity())));

    private final ConcurrentMap<Labels, State> staples = new ConcurrentSkipListMap<>();
    private final ConcurrentMap<Labels, Sent> certificates = new ConcurrentSkipListMap<>();
    private final ConcurrentMap<String, Counts> identities = new ConcurrentSkipListMap<>();

    void known(String identity) {
        counts(identity);
    }

    void forgotten(String identity) {
        Counts counts = identities.remove(identity);
        if (counts != null) {
            counts.sent.forEach(certificates::remove);
        }
    }

    /** Of two certificates with one serial, which private CAs do issue, the lower one has the series. */
    void served(String identity, List<Validity> chain, boolean required) {
        Counts counts = counts(identity);
        List<Labels> before = counts.sent;
        List<Labels> sent = new ArrayList<>();
        for (Validity validity : chain) {
            Labels labels = certificate(identity, validity.certificate());
            if (!sent.contains(labels)) {
                certificates.put(labels, new Sent(validity, sent.isEmpty() ? (Boolean) required : null));
                sent.add(labels);
            }
        }
        before.stream().filter(labels -> !sent.contains(labels)).forEach(certificates::remove);
        counts.sent = sent;
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
            STATUSES.forEach((word, status) ->
                    statuses.add(point(certificate.add("status", word), status == state.status ? 1 : 0)));
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
        List<MetricSnapshot> families = new ArrayList<>(sent());
        families.addAll(List.of(
                new GaugeSnapshot(metadata(Metric.STAPLE_STATUS), statuses),
                new GaugeSnapshot(metadata(Metric.STAPLE_THIS_UPDATE), thisUpdates),
                new GaugeSnapshot(metadata(Metric.STAPLE_NEXT_UPDATE), nextUpdates),
                new CounterSnapshot(metadata(Metric.STAPLE_REFRESHES), refreshes),
                new CounterSnapshot(metadata(Metric.EXPORT_FAILURES), exportFailures)));
        return new MetricSnapshots(families);
    }

    private List<MetricSnapshot> sent() {
        List<GaugeDataPointSnapshot> begins = new ArrayList<>();
        List<GaugeDataPointSnapshot> ends = new ArrayList<>();
        List<GaugeDataPointSnapshot> required = new ArrayList<>();
        certificates.forEach((labels, sent) -> {
            begins.add(point(labels, seconds(sent.validity.notBefore())));
            ends.add(point(labels, seconds(sent.validity.notAfter())));
            if (sent.required != null) {
                required.add(point(labels, sent.required ? 1 : 0));
            }
        });
        return List.of(
                new GaugeSnapshot(metadata(Metric.CERTIFICATE_NOT_BEFORE), begins),
                new GaugeSnapshot(metadata(Metric.CERTIFICATE_NOT_AFTER), ends),
                new GaugeSnapshot(metadata(Metric.STAPLE_REQUIRED), required));
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
