package io.staplegate.staple;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.staplegate.fetch.Patience;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Several responders that are asked about one certificate at the same time, each on a virtual thread of its own. Who is
 * still being asked when the race is closed is interrupted. Owned by one thread.
 */
final class Race implements AutoCloseable {
    private final Inquiry inquiry;
    private final StapleTarget target;
    private final Patience patience;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final ExecutorService askers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("staple-ask-", 0).factory());
    private int underWay;
    private @Nullable Long hedgeAt;

    /** What the askers tell. */
    private sealed interface Event {
        /** A request goes out now: it waited for its place, and that is no fault of the responder's. */
        record Begun(URI responder) implements Event {}

        record Ended(Finding finding) implements Event {}

        record Broken(RuntimeException fault) implements Event {}
    }

    Race(Inquiry inquiry, StapleTarget target, Patience patience) {
        this.inquiry = inquiry;
        this.target = target;
        this.patience = patience;
    }

    /** Asks one more. */
    void ask(URI responder) {
        underWay++;
        askers.execute(() -> {
            try {
                events.add(
                        new Event.Ended(inquiry.ask(target, responder, () -> events.add(new Event.Begun(responder)))));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the race is over
            } catch (RuntimeException e) {
                events.add(new Event.Broken(e));
            }
        });
    }

    /** Whether somebody is being asked. */
    boolean isOn() {
        return underWay > 0;
    }

    /** Waits for the next finding. Returns null, once for a request, where the last one is slower than usual. */
    @Nullable
    Finding next() throws InterruptedException {
        while (true) {
            Event event = hedgeAt == null ? events.take() : events.poll(hedgeAt - System.nanoTime(), NANOSECONDS);
            switch (event) {
                case null -> {
                    hedgeAt = null;
                    return null;
                }
                case Event.Begun(URI responder) ->
                    hedgeAt = System.nanoTime() + patience.with(responder).toNanos();
                case Event.Ended(Finding finding) -> {
                    underWay--;
                    hedgeAt = null;
                    return finding;
                }
                case Event.Broken(RuntimeException fault) -> throw fault;
            }
        }
    }

    /** Waits for the end of those whom it interrupts. */
    @Override
    public void close() {
        askers.shutdownNow();
        askers.close();
    }
}
