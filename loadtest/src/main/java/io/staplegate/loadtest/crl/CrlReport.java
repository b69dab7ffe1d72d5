package io.staplegate.loadtest.crl;

import java.util.List;
import java.util.Locale;

/**
 * What a large list costs; its JSON has these names.
 *
 * @param entries on the list
 * @param megabytes of its file
 * @param readSeconds to read and verify it from the file
 * @param bytesPerEntry of heap, measured behind a garbage collection
 * @param microsecondsPerLookup half of the serials are on the list
 * @param loadSeconds from the first question about it to the answer: fetched over HTTP, read, verified
 * @param swapSeconds the same for the next list, from when it was due
 * @param calm handshakes when nothing went on
 * @param swapping handshakes while the next list was fetched and read
 */
public record CrlReport(
        int entries,
        double megabytes,
        double readSeconds,
        double bytesPerEntry,
        double microsecondsPerLookup,
        double loadSeconds,
        double swapSeconds,
        Handshakes calm,
        Handshakes swapping) {
    /** Below this, what else happens on the heap hides the list. */
    private static final int ENTRIES_TO_WEIGH = 1_000_000;

    /** 23, and what of the heap else happened to change. */
    private static final double MOST_BYTES = 24;

    /** Times are in milliseconds, from when a handshake was due to its end. */
    public record Handshakes(long count, long failed, double p50, double p99, double max) {}

    /** Whether it is as light as it should be, and no handshake failed. */
    public boolean passed() {
        return (entries < ENTRIES_TO_WEIGH || bytesPerEntry <= MOST_BYTES)
                && calm.count > 0
                && swapping.count > 0
                && calm.failed + swapping.failed == 0;
    }

    /** For people. */
    public List<String> lines() {
        return List.of(
                String.format(Locale.ROOT, "list            %d entries, %.1f MB", entries, megabytes),
                String.format(Locale.ROOT, "read            %.2f s from the file", readSeconds),
                String.format(Locale.ROOT, "memory          %.1f bytes an entry", bytesPerEntry),
                String.format(Locale.ROOT, "look-up         %.2f µs", microsecondsPerLookup),
                String.format(Locale.ROOT, "first list      %.2f s from the question to the answer", loadSeconds),
                String.format(Locale.ROOT, "next list       %.2f s from when it was due", swapSeconds),
                line("calm", calm),
                line("swapping", swapping),
                passed() ? "PASS" : "FAIL");
    }

    private static String line(String name, Handshakes handshakes) {
        return String.format(
                Locale.ROOT,
                "%-15s %d handshakes, %d failed; p50 %.1f, p99 %.1f, max %.1f ms",
                name,
                handshakes.count,
                handshakes.failed,
                handshakes.p50,
                handshakes.p99,
                handshakes.max);
    }
}
