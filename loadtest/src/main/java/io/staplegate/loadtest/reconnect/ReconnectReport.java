package io.staplegate.loadtest.reconnect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What became of a fleet that came back at once; its JSON has these names.
 *
 * @param policy of revocation
 * @param budget seconds that a device waits for its verdict
 * @param roundTrip milliseconds that the responder takes for an answer
 * @param rows one for each limit
 */
public record ReconnectReport(int devices, String policy, double budget, double roundTrip, List<Row> rows) {
    private static final String OUT_OF_TIME = "certificate_unknown";

    /** How many blocked calls are told in words. */
    private static final int MOST_TOLD = 5;

    /**
     * What came of it with one limit. Seconds are since the devices came.
     *
     * @param maxFetches {@code devices.maxConcurrentFetches}
     * @param in devices that were let in
     * @param allIn seconds until the last was in
     * @param refusedAtFirst devices that were not let in when they first came, by alert or by what else happened
     * @param tries connections of all devices
     * @param requests to the responder
     * @param certificates that it was asked about
     * @param mostAboutOne requests about any one certificate
     * @param allAsked seconds until the responder had given its last answer
     * @param unanswered requests of the proxy that came to nothing, by outcome as its metrics have it
     * @param p50 of handshakes, in milliseconds
     * @param p99 likewise
     * @param cpu seconds that the proxy used
     * @param blocked calls that blocked an event loop
     * @param contended locks that an event loop waited for
     */
    public record Row(
            int maxFetches,
            int in,
            double allIn,
            Map<String, Integer> refusedAtFirst,
            int tries,
            int requests,
            int certificates,
            int mostAboutOne,
            double allAsked,
            Map<String, Long> unanswered,
            double p50,
            double p99,
            double cpu,
            List<String> blocked,
            List<String> contended) {
        String line() {
            return columns(
                    maxFetches,
                    decimal(allIn),
                    refusedAtFirst.getOrDefault(OUT_OF_TIME, 0),
                    tries,
                    requests,
                    mostAboutOne,
                    decimal(allAsked),
                    Math.round(p50),
                    Math.round(p99),
                    decimal(cpu),
                    blocked.size(),
                    contended.size());
        }

        /** What a table has no room for. */
        List<String> remarks(int devices) {
            List<String> remarks = new ArrayList<>();
            if (in < devices) {
                remarks.add("never in: " + (devices - in));
            }
            refusedAtFirst.forEach((reason, count) -> {
                if (!reason.equals(OUT_OF_TIME)) {
                    remarks.add("at first: " + count + " " + reason);
                }
            });
            if (!unanswered.isEmpty()) {
                remarks.add("no answer from the responder: " + unanswered);
            }
            Stream.concat(blocked.stream(), contended.stream())
                    .limit(MOST_TOLD)
                    .forEach(call -> remarks.add("event loop: " + call));
            return remarks;
        }
    }

    /** Whether all are in, each was asked about once, and no event loop was blocked. */
    public boolean passed() {
        return rows.stream()
                .allMatch(row -> row.in == devices
                        && row.mostAboutOne == 1
                        && row.certificates == devices
                        && row.blocked.isEmpty());
    }

    /** For people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%d devices at once, policy %s, budget %.1f s, the responder answers after %.0f ms",
                devices,
                policy,
                budget,
                roundTrip));
        lines.add(columns("max", "all in", "refused", "", "", "most for", "last an-", "p50", "p99", "CPU", "", ""));
        lines.add(columns(
                "fetches",
                "s",
                "at first",
                "tries",
                "requests",
                "one",
                "swer, s",
                "ms",
                "ms",
                "s",
                "blocked",
                "contended"));
        rows.forEach(row -> lines.add(row.line()));
        rows.forEach(row -> row.remarks(devices).forEach(remark -> lines.add(row.maxFetches + ": " + remark)));
        lines.add(passed() ? "PASS" : "FAIL");
        return lines;
    }

    private static String columns(Object... values) {
        return String.format(Locale.ROOT, "%7s %7s %8s %7s %8s %8s %8s %7s %7s %7s %8s %9s", values)
                .stripTrailing();
    }

    private static String decimal(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }
}
