package io.staplegate.device;

import io.staplegate.device.Answers.Answer;
import io.staplegate.ocsp.CertId;
import java.time.Duration;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is being found out: each certificate once for all who ask, on a virtual thread of its own. Nobody waits for
 * longer than the patience: a search that takes longer goes on for those who come later. Safe for use by any thread;
 * never blocks.
 */
final class Flights implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Flights.class);

    private final Duration patience;
    private final ConcurrentMap<CertId, CompletableFuture<Answer>> underWay = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("answer-", 0).factory());

    Flights(Duration patience) {
        this.patience = patience;
    }

    /**
     * Joins the search for a certificate's answer, or begins it.
     *
     * @param mayBegin asked once, where nobody else has begun it: whoever joins is never turned away
     * @param places where the search takes one; where none is left, nothing is known
     */
    CompletableFuture<Answer> join(CertId id, BooleanSupplier mayBegin, Semaphore places, Callable<Answer> search) {
        AtomicBoolean isMine = new AtomicBoolean();
        CompletableFuture<Answer> flight = underWay.computeIfAbsent(id, _ -> {
            isMine.set(mayBegin.getAsBoolean());
            return isMine.get() ? new CompletableFuture<>() : null;
        });
        if (flight == null) {
            return CompletableFuture.completedFuture(new Answer.NotAllowed());
        }
        if (isMine.get()) {
            begin(flight, places, search, () -> underWay.remove(id, flight));
        }
        return flight.copy();
    }

    /** Begins a search that nobody else joins. */
    CompletableFuture<Answer> alone(Semaphore places, Callable<Answer> search) {
        CompletableFuture<Answer> mine = new CompletableFuture<>();
        begin(mine, places, search, () -> {});
        return mine;
    }

    /** Interrupts what is under way, and waits for its end. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }

    private void begin(CompletableFuture<Answer> flight, Semaphore places, Callable<Answer> search, Runnable landed) {
        if (!places.tryAcquire()) {
            landed.run();
            flight.complete(new Answer.NotKnown());
            return;
        }
        Consumer<Answer> land = answer -> {
            places.release();
            landed.run(); // first, so that whoever sees the answer and asks again joins no flight of yesterday
            flight.complete(answer);
        };
        try {
            threads.execute(() -> {
                Answer answer = new Answer.NotKnown();
                try {
                    answer = found(search);
                } finally {
                    land.accept(answer);
                }
            });
        } catch (RejectedExecutionException e) {
            land.accept(new Answer.NotKnown()); // closed
        }
        flight.completeOnTimeout(new Answer.NotKnown(), patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static Answer found(Callable<Answer> search) {
        try {
            return search.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.atError().setCause(e).log("search for an answer broke off");
        }
        return new Answer.NotKnown();
    }
}
