package io.staplegate.loadtest;

import io.staplegate.loadtest.server.Footprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What idle sessions cost; its JSON has these names.
 *
 * @param opened sessions
 * @param failures those that were not opened, by reason; the last ones where there are more devices than both together
 * @param seconds that it took to open them
 * @param before what the proxy took with no more than a few hundred sessions
 * @param fresh what it took when they were open
 * @param idle what it took when they had been idle for a while
 * @param open sessions that the proxy counted then, the first few hundred among them
 * @param asked devices that sent a datagram at the end
 * @param answering those of them that got their answer
 */
record SessionsReport(
        int opened,
        Map<String, Integer> failures,
        double seconds,
        Footprint before,
        Footprint fresh,
        Footprint idle,
        long open,
        int asked,
        int answering) {

    /** For people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT, "sessions     %d in %.1f s, %.0f a second", opened, seconds, opened / seconds));
        lines.add("failures     " + (failures.isEmpty() ? "none" : failures));
        lines.add("open         " + open);
        lines.add("answering    %d of %d".formatted(answering, asked));
        lines.add(row("", "before", "fresh", "idle", "a session, idle"));
        lines.add(bytes("live heap", Footprint::heap));
        lines.add(bytes("resident", Footprint::resident));
        lines.add(count("threads", Footprint::threads));
        lines.add(count("descriptors", Footprint::descriptors) + " (limit " + idle.mostDescriptors() + ")");
        return lines;
    }

    private String bytes(String name, ToLongFunction<Footprint> what) {
        return row(
                name,
                Footprint.mebibytes(what.applyAsLong(before)),
                Footprint.mebibytes(what.applyAsLong(fresh)),
                Footprint.mebibytes(what.applyAsLong(idle)),
                String.format(Locale.ROOT, "%.0f B", each(what)));
    }

    private String count(String name, ToLongFunction<Footprint> what) {
        return row(
                name,
                String.valueOf(what.applyAsLong(before)),
                String.valueOf(what.applyAsLong(fresh)),
                String.valueOf(what.applyAsLong(idle)),
                String.format(Locale.ROOT, "%.3f", each(what)));
    }

    private double each(ToLongFunction<Footprint> what) {
        return (what.applyAsLong(idle) - what.applyAsLong(before)) / (double) opened;
    }

    private static String row(String name, String before, String fresh, String idle, String each) {
        return String.format("%-12s %12s %12s %12s %16s", name, before, fresh, idle, each);
    }
}
