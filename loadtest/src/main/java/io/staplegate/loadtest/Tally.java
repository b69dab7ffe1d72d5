package io.staplegate.loadtest;

import io.staplegate.probe.Encounter;
import io.staplegate.probe.Presented;
import io.staplegate.telemetry.Telemetry.StapleKind;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What came of a number of handshakes. Many devices write it at once; it is read when they are done. */
final class Tally {
    private static final int SIGNIFICANT_DIGITS = 3;

    private final boolean statusAsked;
    private final Histogram nanoseconds = new Histogram(SIGNIFICANT_DIGITS);
    private final LongSummaryStatistics bytesSent = new LongSummaryStatistics();
    private final LongSummaryStatistics bytesReceived = new LongSummaryStatistics();
    private final LongSummaryStatistics datagramsSent = new LongSummaryStatistics();
    private final LongSummaryStatistics datagramsReceived = new LongSummaryStatistics();
    private final Map<String, Long> versions = new TreeMap<>();
    private final Map<StapleKind, Long> staples = new TreeMap<>();
    private final Map<String, Long> failures = new TreeMap<>();

    /** Nothing yet. {@code statusAsked}: whether the devices ask for staples. */
    Tally(boolean statusAsked) {
        this.statusAsked = statusAsked;
    }

    /** Counts a handshake in which everything was in order. */
    synchronized void succeeded(Encounter encounter) {
        nanoseconds.recordValue(encounter.took().toNanos());
        bytesSent.accept(encounter.traffic().bytesSent());
        bytesReceived.accept(encounter.traffic().bytesReceived());
        datagramsSent.accept(encounter.traffic().datagramsSent());
        datagramsReceived.accept(encounter.traffic().datagramsReceived());
        versions.merge(encounter.presented().version(), 1L, Long::sum);
        staples.merge(kind(encounter.presented()), 1L, Long::sum);
    }

    /** Counts a handshake that came to nothing, or to nothing good. */
    synchronized void failed(String reason) {
        failures.merge(reason, 1L, Long::sum);
    }

    synchronized long failures() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Sums up.
     *
     * @param took all of it
     * @param cpu what it cost the server; null: not known
     */
    synchronized Report report(Duration took, @Nullable Duration cpu) {
        long succeeded = nanoseconds.getTotalCount();
        long failed = failures();
        return new Report(
                succeeded,
                failed,
                Report.seconds(took),
                succeeded / Report.seconds(took),
                succeeded == 0 ? null : Report.Latency.of(nanoseconds),
                succeeded == 0 ? null : Report.Spread.of(bytesSent),
                succeeded == 0 ? null : Report.Spread.of(bytesReceived),
                datagramsSent.getMax() <= 0 ? null : Report.Spread.of(datagramsSent),
                datagramsSent.getMax() <= 0 ? null : Report.Spread.of(datagramsReceived),
                new TreeMap<>(versions),
                names(staples),
                new TreeMap<>(failures),
                cpu == null ? null : cpu.toNanos() / 1e3 / (succeeded + failed));
    }

    /** In the words of the metric {@code staplegate_handshake_staples_total}. */
    private static Map<String, Long> names(Map<StapleKind, Long> staples) {
        Map<String, Long> names = new TreeMap<>();
        staples.forEach((kind, count) -> names.put(kind.name().toLowerCase(Locale.ROOT), count));
        return names;
    }

    private StapleKind kind(Presented presented) {
        if (!statusAsked) {
            return StapleKind.NOT_REQUESTED;
        }
        if (presented.staples().getFirst() == null) {
            return StapleKind.NONE;
        }
        long needed =
                presented.chain().stream().filter(Predicate.not(Tally::isRoot)).count();
        long sent = presented.staples().stream().filter(Objects::nonNull).count();
        return sent >= needed ? StapleKind.CHAIN : StapleKind.LEAF;
    }

    private static boolean isRoot(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }
}
