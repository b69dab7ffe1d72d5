package io.staplegate.loadtest.start;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Starts in turns, with and without the cache; its JSON has these names.
 *
 * @param handshakes after each start
 */
public record StartReport(int handshakes, List<ColdStart> without, List<ColdStart> with) {
    /** For people: medians, and how many times less it is with the cache. */
    public List<String> lines() {
        return List.of(
                "medians of " + with.size() + " starts, in turns    without   with cache   ratio",
                line("to the ready line, s", ColdStart::ready),
                line("to the end of the first handshake, s", ColdStart::firstHandshake),
                line("CPU of the start, s", ColdStart::startCpu),
                line("CPU of " + handshakes + " handshakes, s", ColdStart::handshakesCpu),
                line("CPU of both, s", start -> start.startCpu() + start.handshakesCpu()));
    }

    private String line(String what, ToDoubleFunction<ColdStart> figure) {
        double before = median(without, figure);
        double after = median(with, figure);
        return String.format(Locale.ROOT, "%-36s %8.2f %12.2f %7.2f", what, before, after, after / before);
    }

    private static double median(List<ColdStart> starts, ToDoubleFunction<ColdStart> figure) {
        double[] sorted = starts.stream().mapToDouble(figure).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
