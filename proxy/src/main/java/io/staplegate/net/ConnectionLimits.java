package io.staplegate.net;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How many connections, or handshakes, a port has open, in all and by source. Safe for use by any thread. */
public final class ConnectionLimits {
    /** Which limit has been reached. */
    public enum Limit {
        IN_ALL,
        BY_SOURCE
    }

    private final int most;
    private final int mostPerSource;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, Integer> bySource = new ConcurrentHashMap<>();

    /** Limits; {@code mostPerSource} 0: none. */
    public ConnectionLimits(int most, int mostPerSource) {
        this.most = most;
        this.mostPerSource = mostPerSource;
    }

    public int open() {
        return open.get();
    }

    /** Counts one more, to be {@link #release}d; or says which limit forbids it. */
    public @Nullable Limit admit(InetAddress source) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            return Limit.IN_ALL;
        }
        if (mostPerSource > 0 && bySource.merge(source, 1, Integer::sum) > mostPerSource) {
            release(source);
            return Limit.BY_SOURCE;
        }
        return null;
    }

    /** Counts one more whatever the limits: it takes the place of another, which is about to be {@link #release}d. */
    public void admitInPlaceOfAnother(InetAddress source) {
        open.incrementAndGet();
        if (mostPerSource > 0) {
            bySource.merge(source, 1, Integer::sum);
        }
    }

    public void release(InetAddress source) {
        open.decrementAndGet();
        if (mostPerSource > 0) {
            bySource.computeIfPresent(source, (address, count) -> count == 1 ? null : count - 1);
        }
    }
}
