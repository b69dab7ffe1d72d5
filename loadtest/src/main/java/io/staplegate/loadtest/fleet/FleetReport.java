package io.staplegate.loadtest.fleet;

import io.staplegate.loadtest.server.Footprint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What became of a proxy with many identities; its JSON has these names.
 *
 * @param identities with a certificate each
 * @param rate the most requests that the proxy may send in a second
 * @param phases in their order
 * @param mostInASecond the most requests that the responder saw within any second
 * @param keptRate whether that, and what it saw in ten seconds, is what the proxy may send
 * @param early requests about certificates whose last answer was too young to be asked about
 * @param lapses times that a certificate was without a staple
 * @param avoidable those of them that the proxy had the time to avoid
 * @param staples certificates by the state of their staple at the end, as the proxy's metrics have it
 * @param before the proxy's memory when the first staples had come
 * @param after likewise at the end
 * @param perSecond requests in each second
 */
public record FleetReport(
        int identities,
        int rate,
        List<Phase> phases,
        int mostInASecond,
        boolean keptRate,
        long early,
        long lapses,
        long avoidable,
        Map<String, Long> staples,
        Footprint before,
        Footprint after,
        List<Integer> perSecond) {

    /**
     * A part of it. Times are in seconds since the beginning.
     *
     * @param requests that the responder saw
     */
    public record Phase(String name, double from, double until, int requests) {}

    /** Whether everything was as it should be. */
    public boolean passed() {
        return keptRate && early == 0 && avoidable == 0 && staples.getOrDefault("good", 0L) == identities;
    }

    /** For people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "identities      %d, at most %d requests a second", identities, rate));
        for (Phase phase : phases) {
            lines.add(String.format(
                    Locale.ROOT, "%-15s %.0f s, %d requests", phase.name, phase.until - phase.from, phase.requests));
        }
        lines.add(String.format(
                Locale.ROOT,
                "requests        at most %d in any second: %s the rate",
                mostInASecond,
                keptRate ? "within" : "above"));
        lines.add(String.format(Locale.ROOT, "asked too early %d", early));
        lines.add(
                String.format(Locale.ROOT, "lapsed          %d, of which %d could have been saved", lapses, avoidable));
        lines.add("at the end      " + staples);
        lines.add(String.format(
                Locale.ROOT,
                "live heap       %s with the first staples, %s at the end",
                Footprint.mebibytes(before.heap()),
                Footprint.mebibytes(after.heap())));
        lines.add(String.format(
                Locale.ROOT,
                "resident        %s and %s",
                Footprint.mebibytes(before.resident()),
                Footprint.mebibytes(after.resident())));
        lines.add("requests a second");
        lines.addAll(new RequestPlot(perSecond, rate, phases).lines());
        lines.add(passed() ? "PASS" : "FAIL");
        return lines;
    }

    /** Writes requests a second over time as an SVG. */
    public void plot(Path file) throws IOException {
        new RequestPlot(perSecond, rate, phases).write(file);
    }
}
