package io.staplegate.device;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What fetches newer answers before those that are in use end, the next to end first: one thread that looks, every
 * second, at all that is known. It keeps no timers, so that a clock that is set, or moved by a test, is obeyed.
 */
final class RefreshAhead<K> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshAhead.class);

    private final Map<K, ? extends Ageing> all;
    private final Consumer<K> refresh;
    private final InstantSource clock;
    private final Semaphore places;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("answer-refresher").factory());

    /** Something that is known, and ends. */
    interface Ageing {
        /** Whether something newer is to be fetched. */
        boolean isDueAt(Instant now);

        /** Whether nothing in it is of use any more. */
        boolean isOverAt(Instant now);

        /** Until when it holds. */
        Instant end();
    }

    /**
     * Not started yet.
     *
     * @param all that is known; what is over is removed from it
     * @param refresh begins to fetch a newer answer, at one of the places
     */
    RefreshAhead(Map<K, ? extends Ageing> all, Semaphore places, Consumer<K> refresh, InstantSource clock) {
        this.places = places;
        this.all = all;
        this.refresh = refresh;
        this.clock = clock;
    }

    /** {@code pace}: how often to look at what is known. */
    void start(Duration pace) {
        var _ = ticker.scheduleWithFixedDelay(
                this::guardedTick, pace.toMillis(), pace.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        ticker.close();
    }

    private void guardedTick() {
        try {
            tick(clock.instant());
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("refresh of answers stumbled; goes on in a second");
        }
    }

    private void tick(Instant now) {
        all.values().removeIf(known -> known.isOverAt(now));
        all.entrySet().stream()
                .filter(entry -> entry.getValue().isDueAt(now))
                .sorted(Comparator.comparing((Map.Entry<K, ? extends Ageing> entry) ->
                        entry.getValue().end()))
                .limit(places.availablePermits())
                .map(Map.Entry::getKey)
                .forEach(refresh);
    }
}
