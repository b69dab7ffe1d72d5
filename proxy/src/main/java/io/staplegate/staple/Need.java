package io.staplegate.staple;

import java.time.Instant;
import java.util.Comparator;

/**
 * How much a certificate needs a newer answer at a moment; the neediest comes first. Who has no answer goes before who
 * has one, and among those without, what clients insist on; then who loses its answer first, and what most chains wait
 * for.
 */
record Need(boolean isAnswered, boolean isMust, Instant end, int chains) implements Comparable<Need> {

    private static final Comparator<Need> ORDER = Comparator.comparing(Need::isAnswered)
            .thenComparing(need -> need.isAnswered || !need.isMust)
            .thenComparing(Need::end)
            .thenComparing(need -> !need.isMust)
            .thenComparingInt(need -> -need.chains);

    static Need of(TrackedCertificate certificate, Instant now) {
        Instant end = certificate.end();
        return new Need(now.isBefore(end), certificate.mustStaple(), end, certificate.chainCount());
    }

    @Override
    public int compareTo(Need other) {
        return ORDER.compare(this, other);
    }
}
