package io.staplegate.loadtest.device;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many devices that do the same, each on a virtual thread.
 *
 * @param atOnce how many do it at the same time
 */
public record Swarm(int atOnce) {
    /** What a device does, by its number. */
    @FunctionalInterface
    public interface Deed {
        /** Throws where it came to nothing; the message is the same for the same reason. */
        void perform(int device) throws IOException, InterruptedException;
    }

    /**
     * What came of it.
     *
     * @param done how many did it
     * @param failures how many did not, by reason
     */
    public record Outcome(int done, Map<String, Integer> failures) {}

    /** Every device from one number up to another does it once; returns when that is done. */
    public Outcome each(int from, int to, Deed deed) throws InterruptedException {
        return each(from, to, Integer.MAX_VALUE, deed);
    }

    /** The same; when so many have failed, the others do not try. */
    public Outcome each(int from, int to, int mostFailures, Deed deed) throws InterruptedException {
        Map<String, Integer> failures = Collections.synchronizedMap(new TreeMap<>());
        AtomicInteger next = new AtomicInteger(from);
        AtomicInteger done = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        inParallel(() -> {
            for (int device = next.getAndIncrement(); device < to; device = next.getAndIncrement()) {
                try {
                    deed.perform(device);
                    done.incrementAndGet();
                } catch (IOException e) {
                    failures.merge(reason(e), 1, Integer::sum);
                    if (failed.incrementAndGet() >= mostFailures) {
                        next.set(to);
                    }
                }
            }
            return null;
        });
        return new Outcome(done.get(), new TreeMap<>(failures));
    }

    private void inParallel(Callable<?> loop) throws InterruptedException {
        try (ExecutorService devices = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<?> ended : devices.invokeAll(Collections.nCopies(atOnce, loop))) {
                ended.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a device broke", e.getCause());
        }
    }

    private static String reason(IOException e) {
        return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    }
}
