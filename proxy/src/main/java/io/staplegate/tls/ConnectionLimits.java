package io.staplegate.tls;

import io.staplegate.telemetry.Telemetry.Refusal;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How many connections a listener has open, in all and by source address. Safe for use by any thread. */
final class ConnectionLimits {
    private final int most;
    private final int mostPerSource;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, Integer> bySource = new ConcurrentHashMap<>();

    /** Limits; {@code mostPerSource} 0: none. */
    ConnectionLimits(int most, int mostPerSource) {
        this.most = most;
        this.mostPerSource = mostPerSource;
    }

    int open() {
        return open.get();
    }

    /** Counts one more, to be {@link #release}d; or says why not. */
    @Nullable
    Refusal admit(InetAddress source) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            return Refusal.LISTENER_LIMIT;
        }
        if (mostPerSource > 0 && bySource.merge(source, 1, Integer::sum) > mostPerSource) {
            release(source);
            return Refusal.SOURCE_LIMIT;
        }
        return null;
    }

    void release(InetAddress source) {
        open.decrementAndGet();
        if (mostPerSource > 0) {
            bySource.computeIfPresent(source, (address, count) -> count == 1 ? null : count - 1);
        }
    }
}
