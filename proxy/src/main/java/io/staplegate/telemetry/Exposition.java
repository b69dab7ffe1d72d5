package io.staplegate.telemetry;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The two formats of a scrape. OpenMetrics names the unit of each family, which Micrometer's meters do not know. */
enum Exposition {
    OPEN_METRICS(
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            OpenMetricsTextFormatWriter.builder().build()),
    PROMETHEUS_TEXT("text/plain; version=0.0.4; charset=utf-8", PrometheusTextFormatWriter.create());

    private static final List<Unit> UNITS = List.of(Unit.SECONDS, Unit.BYTES);

    private final String contentType;

    @SuppressWarnings("ImmutableEnumChecker") // the library's writers have settings alone, and do not say so
    private final ExpositionFormatWriter writer;

    Exposition(String contentType, ExpositionFormatWriter writer) {
        this.contentType = contentType;
        this.writer = writer;
    }

    /** What to answer to an {@code Accept} header, or to none: OpenMetrics where it is named. */
    static Exposition accepted(@Nullable String accept) {
        return accept != null && accept.contains("application/openmetrics-text") ? OPEN_METRICS : PROMETHEUS_TEXT;
    }

    static Exposition of(String contentType) {
        return accepted(contentType);
    }

    String contentType() {
        return contentType;
    }

    void write(MetricSnapshots families, OutputStream out) throws IOException {
        MetricSnapshots told = this == OPEN_METRICS
                ? new MetricSnapshots(
                        families.stream().map(Exposition::withUnit).toList())
                : families;
        writer.write(out, told, EscapingScheme.UNDERSCORE_ESCAPING);
    }

    String text(MetricSnapshots families) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            write(families, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory takes everything
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static MetricSnapshot withUnit(MetricSnapshot family) {
        MetricMetadata said = family.getMetadata();
        Stream<Unit> fitting =
                UNITS.stream().filter(unit -> said.getPrometheusName().endsWith("_" + unit));
        return said.hasUnit()
                ? family
                : fitting.findFirst().map(unit -> withUnit(family, unit)).orElse(family);
    }

    private static MetricSnapshot withUnit(MetricSnapshot family, Unit unit) {
        MetricMetadata metadata = new MetricMetadata(
                family.getMetadata().getName(), family.getMetadata().getHelp(), unit);
        return switch (family) {
            case CounterSnapshot counter -> new CounterSnapshot(metadata, counter.getDataPoints());
            case GaugeSnapshot gauge -> new GaugeSnapshot(metadata, gauge.getDataPoints());
            case HistogramSnapshot histogram -> new HistogramSnapshot(metadata, histogram.getDataPoints());
            case SummarySnapshot summary -> new SummarySnapshot(metadata, summary.getDataPoints());
            default -> family;
        };
    }
}
