package io.staplegate.device;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is being found out: each certificate once for all who ask, on a virtual thread of its own. Nobody waits for
 * longer than the patience: a search that takes longer goes on for those who come later. Safe for use by any thread;
 * never blocks.
 */
final class Flights<K, A> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Flights.class);

    private final Duration patience;
    private final A nothing;
    private final ConcurrentMap<K, CompletableFuture<A>> underWay = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("answer-", 0).factory());

    /** {@code nothing}: what they get who wait in vain. */
    Flights(Duration patience, A nothing) {
        this.patience = patience;
        this.nothing = nothing;
    }

    /**
     * Joins the search for a certificate's answer, or begins it.
     *
     * @param places where the search takes one; where none is left, nothing is known
     */
    CompletableFuture<A> join(K id, Semaphore places, Callable<A> search) {
        return Objects.requireNonNull(joinIf(() -> true, id, places, search));
    }

    /**
     * The same for who may not begin each search: null where nobody else has begun it, and this one may not.
     *
     * @param mayBegin asked once, where nobody else has begun it: whoever joins is never turned away
     */
    @Nullable
    CompletableFuture<A> joinIf(BooleanSupplier mayBegin, K id, Semaphore places, Callable<A> search) {
        AtomicBoolean isMine = new AtomicBoolean();
        CompletableFuture<A> flight = underWay.computeIfAbsent(id, _ -> {
            isMine.set(mayBegin.getAsBoolean());
            return isMine.get() ? new CompletableFuture<>() : null;
        });
        if (flight == null) {
            return null;
        }
        if (isMine.get()) {
            begin(flight, places, search, () -> underWay.remove(id, flight));
        }
        return flight.copy();
    }

    /** Begins a search that nobody else joins. */
    CompletableFuture<A> alone(Semaphore places, Callable<A> search) {
        CompletableFuture<A> mine = new CompletableFuture<>();
        begin(mine, places, search, () -> {});
        return mine;
    }

    /** Interrupts what is under way, and waits for its end. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }

    private void begin(CompletableFuture<A> flight, Semaphore places, Callable<A> search, Runnable landed) {
        if (!places.tryAcquire()) {
            landed.run();
            flight.complete(nothing);
            return;
        }
        Consumer<A> land = answer -> {
            places.release();
            landed.run(); // first, so that whoever sees the answer and asks again joins no flight of yesterday
            flight.complete(answer);
        };
        try {
            threads.execute(() -> {
                A answer = nothing;
                try {
                    answer = found(search);
                } finally {
                    land.accept(answer);
                }
            });
        } catch (RejectedExecutionException e) {
            land.accept(nothing); // closed
        }
        flight.completeOnTimeout(nothing, patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private A found(Callable<A> search) {
        try {
            return search.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.atError().setCause(e).log("search for an answer broke off");
        }
        return nothing;
    }
}
