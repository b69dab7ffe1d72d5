package io.staplegate.loadtest.kills;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What so many kills came to; its JSON has these names.
 *
 * @param kills with SIGKILL, and as many starts behind them
 * @param sites that are stapled
 * @param refreshes requests that the responder answered
 * @param interrupted kills in the middle of a write: they left a half-written file
 * @param leftovers half-written files that were still there when the proxy served again
 * @param stapled handshakes behind the kills, without a responder, with a staple that verified
 * @param bare handshakes without a staple: the store had lost it
 * @param older staples that were older than the one that the store had had at the start before
 * @param failures handshakes that failed, or presented what does not verify, by reason
 * @param seed of the moments
 * @param took seconds
 */
public record KillsReport(
        int kills,
        int sites,
        long refreshes,
        int interrupted,
        long leftovers,
        long stapled,
        long bare,
        long older,
        Map<String, Long> failures,
        long seed,
        double took) {

    /** Whether everything was as it should be. */
    public boolean passed() {
        return stapled == (long) kills * sites && bare == 0 && older == 0 && leftovers == 0 && failures.isEmpty();
    }

    /** For people. */
    public List<String> lines() {
        return List.of(
                String.format(
                        Locale.ROOT,
                        "kills           %d in %.0f s, %d of them in the middle of a write",
                        kills,
                        took,
                        interrupted),
                String.format(Locale.ROOT, "refreshes       %d", refreshes),
                String.format(Locale.ROOT, "starts          %d, %d half-written files left", kills, leftovers),
                String.format(
                        Locale.ROOT,
                        "handshakes      %d stapled and verified without a responder, %d without a staple",
                        stapled,
                        bare),
                String.format(Locale.ROOT, "older staples   %d", older),
                "failures        " + (failures.isEmpty() ? "none" : words()),
                String.format(Locale.ROOT, "seed            %d", seed),
                passed() ? "PASS" : "FAIL");
    }

    private String words() {
        return failures.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }
}
