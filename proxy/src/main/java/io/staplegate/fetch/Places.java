package io.staplegate.fetch;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.concurrent.Semaphore;

/**
 * How many requests may be under way, in all and to each responder. First come, first served.
 *
 * <p>Responders that swallow requests must not take every place. So a responder has one place until it has answered,
 * and again after it has not; and those that answer share, beyond the first place of each, half of all places. Fifteen
 * that fall silent together thus take 31 of 32 at the most.
 */
final class Places {
    private final Semaphore all;
    private final Semaphore further;
    private final LoadingCache<String, Line> lines;

    Places(int inAll, int perResponder) {
        this.all = new Semaphore(inAll, true);
        this.further = new Semaphore(inAll / 2);
        // A line lives as long as somebody stands in it. Afterwards the responder starts with one place again.
        this.lines = Caffeine.newBuilder().weakValues().build(name -> new Line(perResponder));
    }

    /**
     * Waits for a place, first among those who ask the same responder: whoever waits for a slow one holds nothing that
     * others need.
     */
    Place take(String responder) throws InterruptedException {
        Line line = lines.get(responder);
        line.enter();
        try {
            all.acquire();
        } catch (InterruptedException e) {
            line.leave();
            throw e;
        }
        return new Place(line);
    }

    /** A place that is taken until it is closed. */
    final class Place implements AutoCloseable {
        private final Line line;

        private Place(Line line) {
            this.line = line;
        }

        /** Tells whether the responder has answered, whatever it said. */
        void answered(boolean whether) {
            line.answered(whether);
        }

        @Override
        public void close() {
            all.release();
            line.leave();
        }
    }

    /** Those who ask one responder. Of those who wait, the first alone looks for a place. */
    private final class Line {
        private final int most;
        private final Semaphore head = new Semaphore(1, true);
        private int underWay;
        private boolean answers;

        Line(int most) {
            this.most = most;
        }

        void enter() throws InterruptedException {
            head.acquire();
            try {
                awaitPlace();
            } finally {
                head.release();
            }
        }

        synchronized void leave() {
            underWay--;
            if (underWay > 0) {
                further.release();
            }
            notifyAll();
        }

        synchronized void answered(boolean whether) {
            answers = whether;
        }

        private synchronized void awaitPlace() throws InterruptedException {
            while (!findsPlace()) {
                wait(); // one that is under way ends
            }
            underWay++;
        }

        private boolean findsPlace() {
            return underWay == 0 || (answers && underWay < most && further.tryAcquire());
        }
    }
}
