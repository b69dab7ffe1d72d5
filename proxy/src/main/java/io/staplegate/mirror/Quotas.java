package io.staplegate.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.LongSupplier;

/** What each source may still ask for. Safe for use by any thread. */
final class Quotas {
    private static final int FETCHES_PER_SECOND = 10;
    private static final int FETCHES_AT_ONCE = 100;

    /** How long a source has to be silent until it may begin again. */
    private static final int SECONDS_TO_FILL = 20;

    /** Beyond them the least recent is forgotten: a flood from so many sources is bounded by the connections alone. */
    private static final int MOST_SOURCES = 65_536;

    private final int perSecond;
    private final LongSupplier nanoTime;
    private final Cache<InetAddress, Quota> bySource;

    /**
     * What one source may still ask for.
     *
     * @param requests of any kind
     * @param fetches that requests may begin. Many devices behind one address are one source: those that ask what is
     *     being fetched, is on disk, or was asked for in vain a moment ago, begin none
     */
    record Quota(Allowance requests, Allowance fetches) {}

    /** {@code perSecond}: requests that a source may go on with; it may begin with 20 times as many. */
    Quotas(int perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        this.bySource = Caffeine.newBuilder()
                .maximumSize(MOST_SOURCES)
                .expireAfterAccess(Duration.ofSeconds(SECONDS_TO_FILL)) // it would be full again
                .ticker(nanoTime::getAsLong)
                .build();
    }

    /** {@code source}: as {@link Source#of} tells sources apart. */
    Quota of(InetAddress source) {
        return bySource.get(source, _ -> newQuota());
    }

    private Quota newQuota() {
        int burst = (int) Math.min(Integer.MAX_VALUE, (long) perSecond * SECONDS_TO_FILL);
        return new Quota(
                new Allowance(perSecond, burst, nanoTime),
                new Allowance(FETCHES_PER_SECOND, FETCHES_AT_ONCE, nanoTime));
    }
}
