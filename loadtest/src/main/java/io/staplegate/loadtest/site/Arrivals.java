package io.staplegate.loadtest.site;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** When a responder was asked, and about which certificate, in the order of arrival. Safe for use by any thread. */
public final class Arrivals {
    private static final List<Duration> WINDOWS = List.of(Duration.ofSeconds(1), Duration.ofSeconds(10));

    private final List<Arrival> all = new ArrayList<>();

    /**
     * One request.
     *
     * @param nanos of {@link System#nanoTime}, when it had been read
     * @param serial that it asked about
     * @param thisUpdate of the answer
     */
    public record Arrival(long nanos, BigInteger serial, Instant thisUpdate) {}

    synchronized void note(BigInteger serial, Instant thisUpdate) {
        all.add(new Arrival(System.nanoTime(), serial, thisUpdate));
    }

    /** How many there were. */
    public synchronized int count() {
        return all.size();
    }

    /** All of them but the first so many. */
    public synchronized List<Arrival> since(int count) {
        return List.copyOf(all.subList(count, all.size()));
    }

    /** Nanoseconds since the last one; {@link Long#MAX_VALUE} where there was none. */
    public synchronized long silence() {
        return all.isEmpty() ? Long.MAX_VALUE : System.nanoTime() - all.getLast().nanos;
    }

    /** The most requests that came within such a time, wherever it begins: a window that slides, not a clock's tick. */
    public static int mostWithin(Duration window, List<Arrival> arrivals) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < arrivals.size(); last++) {
            while (arrivals.get(last).nanos - arrivals.get(first).nanos >= window.toNanos()) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    /**
     * Whether they kept to a rate, in any second and in any ten.
     *
     * @param perSecond the most that may have been sent in a second
     */
    public static boolean keptTo(int perSecond, List<Arrival> arrivals) {
        return WINDOWS.stream().allMatch(window -> mostWithin(window, arrivals) <= perSecond * window.toSeconds());
    }
}
