package io.staplegate.fetch;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.concurrent.Semaphore;

/** How many requests may be under way, in all and to each responder. First come, first served. */
final class Places {
    private final Semaphore all;
    private final LoadingCache<String, Semaphore> ofResponder;

    Places(int inAll, int perResponder) {
        this.all = new Semaphore(inAll, true);
        // A semaphore lives as long as somebody holds it or waits for it.
        this.ofResponder = Caffeine.newBuilder().weakValues().build(name -> new Semaphore(perResponder, true));
    }

    /**
     * Waits for a place, first among those who ask the same responder: whoever waits for a slow one holds nothing that
     * others need.
     */
    Place take(String responder) throws InterruptedException {
        Semaphore own = ofResponder.get(responder);
        own.acquire();
        try {
            all.acquire();
        } catch (InterruptedException e) {
            own.release();
            throw e;
        }
        return new Place(own, all);
    }

    /** A place that is taken until it is closed. */
    record Place(Semaphore own, Semaphore all) implements AutoCloseable {
        @Override
        public void close() {
            all.release();
            own.release();
        }
    }
}
