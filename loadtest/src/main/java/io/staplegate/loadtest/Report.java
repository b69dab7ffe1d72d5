package io.staplegate.loadtest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a load test found; its JSON has these names.
 *
 * @param handshakes that succeeded: staples verified, where there were any
 * @param failed that did not
 * @param seconds from the first to the last, the warm-up not among them
 * @param perSecond handshakes that succeeded
 * @param latency in microseconds, from connecting to the end of the handshake; null where none succeeded
 * @param bytesSent of TLS or DTLS by the device, from the ClientHello to the end of a handshake; null where none
 *     succeeded
 * @param bytesReceived likewise
 * @param datagramsSent in a handshake; null over TCP, and where none succeeded
 * @param datagramsReceived likewise
 * @param versions handshakes by the version agreed on
 * @param staples handshakes by what was stapled: {@code not_requested}, {@code none}, {@code leaf}, {@code chain}
 * @param failures by reason
 * @param cpu microseconds that the proxy's processes used for a handshake, failed ones among them; null: not known
 */
record Report(
        long handshakes,
        long failed,
        double seconds,
        double perSecond,
        @Nullable Latency latency,
        @Nullable Spread bytesSent,
        @Nullable Spread bytesReceived,
        @Nullable Spread datagramsSent,
        @Nullable Spread datagramsReceived,
        Map<String, Long> versions,
        Map<String, Long> staples,
        Map<String, Long> failures,
        @Nullable Double cpu) {

    /** Percentiles, in microseconds. */
    record Latency(double p50, double p90, double p99, double p999, double max) {
        static Latency of(Histogram nanoseconds) {
            return new Latency(
                    nanoseconds.getValueAtPercentile(50) / 1e3,
                    nanoseconds.getValueAtPercentile(90) / 1e3,
                    nanoseconds.getValueAtPercentile(99) / 1e3,
                    nanoseconds.getValueAtPercentile(99.9) / 1e3,
                    nanoseconds.getMaxValue() / 1e3);
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "p50 %.2f, p90 %.2f, p99 %.2f, p99.9 %.2f, max %.2f ms",
                    p50 / 1e3,
                    p90 / 1e3,
                    p99 / 1e3,
                    p999 / 1e3,
                    max / 1e3);
        }
    }

    /** The least, the mean and the most. */
    record Spread(long min, double mean, long max) {
        static Spread of(LongSummaryStatistics values) {
            return new Spread(values.getMin(), values.getAverage(), values.getMax());
        }

        private String line() {
            return String.format(Locale.ROOT, "min %d, mean %.1f, max %d", min, mean, max);
        }
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** For people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT, "handshakes      %d in %.2f s, %.0f a second", handshakes, seconds, perSecond));
        if (latency != null && bytesSent != null && bytesReceived != null) {
            lines.add("latency         " + latency.line());
            lines.add("bytes sent      " + bytesSent.line());
            lines.add("bytes received  " + bytesReceived.line());
        }
        if (datagramsSent != null && datagramsReceived != null) {
            lines.add("datagrams sent  " + datagramsSent.line());
            lines.add("and received    " + datagramsReceived.line());
        }
        if (handshakes > 0) {
            lines.add("versions        " + counts(versions));
            lines.add("staples         " + counts(staples));
        }
        lines.add("failures        " + (failures.isEmpty() ? "none" : counts(failures)));
        if (cpu != null) {
            lines.add(String.format(Locale.ROOT, "proxy's CPU     %.1f us a handshake", cpu));
        }
        return lines;
    }

    private static String counts(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }
}
