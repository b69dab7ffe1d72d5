package io.staplegate.loadtest.revoke;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How devices that were in were cut off; its JSON has these names.
 *
 * @param validity of OCSP answers and lists, in seconds
 */
public record RevokeReport(double validity, List<Row> rows) {
    /** Seconds from when the proxy could know. */
    private static final double LONGEST = 60;

    /** Seconds from the write of the operator's own list. */
    private static final double LONGEST_DENIED = 1;

    /** Who says that a device is out. */
    public enum Source {
        OCSP("OCSP", "certificate_revoked"),
        LIST("CRL", "certificate_revoked"),
        DENY_LIST("deny list", "access_denied");

        private final String label;
        private final String alert;

        Source(String label, String alert) {
            this.label = label;
            this.alert = alert;
        }
    }

    /**
     * One device.
     *
     * @param ending the alert that its session ended with, or what else happened
     * @param sinceRevoked seconds from the revocation at the CA, or the write of the deny list, to the end
     * @param sinceTold seconds from when the proxy was answered so; null: it never was
     * @param again the alert that it got when it came again, or what else happened
     */
    public record Row(
            Source source,
            String protocol,
            String ending,
            double sinceRevoked,
            @Nullable Double sinceTold,
            String again) {
        boolean passed() {
            double longest = source == Source.DENY_LIST ? LONGEST_DENIED : LONGEST;
            return ending.equals(source.alert)
                    && again.equals(source.alert)
                    && sinceTold != null
                    && sinceTold <= longest;
        }
    }

    /** Whether each was cut off with the right alert, in time, and could not come again. */
    public boolean passed() {
        return rows.stream().allMatch(Row::passed);
    }

    /** For people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "answers and lists are valid for %.0f s", validity));
        lines.add("                    cut off: since the   since it could");
        lines.add("source     over       revocation, s   be known, s      alert                comes again");
        for (Row row : rows) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-10s %-9s %14.2f %13s      %-20s %s",
                    row.source.label,
                    row.protocol,
                    row.sinceRevoked,
                    row.sinceTold == null ? "never" : String.format(Locale.ROOT, "%.3f", row.sinceTold),
                    row.ending,
                    row.again));
        }
        lines.add(passed() ? "PASS" : "FAIL");
        return lines;
    }
}
