package io.staplegate.loadtest.takedown;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What devices noticed of a responder that was taken down; its JSON has these names.
 *
 * @param perSecond handshakes
 * @param longest that one may take, in milliseconds; or twice the longest before the flood, on a machine so slow
 * @param periods before the flood, in it, and when the responder was dead
 * @param flood requests of the flood
 * @param floodAnswered those of them that the responder answered
 * @param refreshesBefore looks of the proxy that found an answer before the flood
 * @param refreshesFailed looks of the proxy that found no answer from then on
 */
public record TakedownReport(
        int perSecond,
        double longest,
        List<Period> periods,
        long flood,
        long floodAnswered,
        long refreshesBefore,
        long refreshesFailed) {

    /**
     * Handshakes of one period. Times are in milliseconds, from when a handshake was due to its end.
     *
     * @param stapled with a staple that verified
     * @param bare without a staple
     * @param failures that failed, or presented something that did not verify, by reason
     */
    public record Period(
            String name, long stapled, long bare, Map<String, Long> failures, double p50, double p99, double max) {}

    /** Whether no device noticed anything, and there was something to notice. */
    public boolean passed() {
        double limit = Math.max(longest, 2 * periods.getFirst().max);
        return refreshesBefore > 0
                && refreshesFailed > 0
                && periods.stream()
                        .allMatch(period -> period.stapled > 0
                                && period.bare == 0
                                && period.failures.isEmpty()
                                && period.max <= limit);
    }

    /** For people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(Locale.ROOT, "handshakes      %d a second, each of which asks for a staple", perSecond));
        for (Period period : periods) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-15s %d stapled, %d without, %d failed; p50 %.1f, p99 %.1f, max %.1f ms",
                    period.name,
                    period.stapled,
                    period.bare,
                    period.failures.values().stream().mapToLong(Long::longValue).sum(),
                    period.p50,
                    period.p99,
                    period.max));
            period.failures.forEach(
                    (reason, count) -> lines.add(String.format(Locale.ROOT, "                %d %s", count, reason)));
        }
        lines.add(String.format(Locale.ROOT, "flood           %d requests, %d answered", flood, floodAnswered));
        lines.add(String.format(
                Locale.ROOT,
                "proxy's looks   %d good before the flood, %d failed since",
                refreshesBefore,
                refreshesFailed));
        lines.add(passed() ? "PASS" : "FAIL");
        return lines;
    }
}
