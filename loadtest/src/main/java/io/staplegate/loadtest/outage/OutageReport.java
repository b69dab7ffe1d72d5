package io.staplegate.loadtest.outage;

import java.util.List;
import java.util.Locale;

/**
 * What an outage came to; its JSON has these names. Seconds are simulated but for those of {@code took}.
 *
 * @param certificates that were kept stapled
 * @param perSecond the most requests that the proxy may send in a second
 * @param outageSeconds length of the outage
 * @param early times that a site had no staple although the last answer about it had not ended
 * @param late times that a site was stapled with an answer that had ended
 * @param stapled handshakes with a staple that verified
 * @param bare handshakes without a staple
 * @param failed handshakes that failed, or presented something that did not verify
 * @param left sites that were still stapled at the end of the outage
 * @param firstAnswerSeconds from the return of the responders to the first request that one of them saw
 * @param backSeconds from the return of the responders until every site was stapled
 * @param backWithin what {@code backSeconds} may be: a minute, and what so many requests take at that rate
 * @param mostInASecond the most requests that all responders saw within any second, the real one
 * @param keptRate whether that, and what they saw in ten seconds, is what the proxy may send
 * @param took real seconds, for all of it
 */
public record OutageReport(
        int certificates,
        int perSecond,
        double outageSeconds,
        long early,
        long late,
        long stapled,
        long bare,
        long failed,
        long left,
        double firstAnswerSeconds,
        double backSeconds,
        double backWithin,
        int mostInASecond,
        boolean keptRate,
        double took) {

    /** Whether everything was as it should be. */
    public boolean passed() {
        return early == 0
                && late == 0
                && failed == 0
                && stapled > 0
                && bare > 0
                && left == 0
                && backSeconds <= backWithin
                && keptRate;
    }

    /** For people. */
    public List<String> lines() {
        return List.of(
                String.format(
                        Locale.ROOT,
                        "outage          %.1f days, %d certificates, at most %d requests a second",
                        outageSeconds / 86_400,
                        certificates,
                        perSecond),
                String.format(
                        Locale.ROOT,
                        "handshakes      %d stapled, %d without a staple, %d failed",
                        stapled,
                        bare,
                        failed),
                String.format(
                        Locale.ROOT,
                        "staples         %d lost early, %d kept too long, %d left at the end",
                        early,
                        late,
                        left),
                String.format(Locale.ROOT, "return          first request after %.1f s", firstAnswerSeconds),
                String.format(
                        Locale.ROOT,
                        "                all staples after %.1f s (limit %.0f s)",
                        backSeconds,
                        backWithin),
                String.format(
                        Locale.ROOT,
                        "requests        at most %d in any second: %s the rate",
                        mostInASecond,
                        keptRate ? "within" : "above"),
                String.format(Locale.ROOT, "took            %.0f s", took),
                passed() ? "PASS" : "FAIL");
    }
}
