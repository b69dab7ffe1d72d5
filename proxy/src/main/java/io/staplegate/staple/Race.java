package io.staplegate.staple;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.staplegate.fetch.Patience;
import java.net.URI;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
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
    private final Set<URI> underWay = new HashSet<>();
    private final Set<URI> late = new HashSet<>();
    /** When each will be late, by {@link System#nanoTime}. Who still waits for a place is not timed. */
    private final Map<URI, Long> lateAt = new HashMap<>();

    private sealed interface Event {
        /** A request has its place, and goes out. */
        record Begun(URI responder) implements Event {}

        /** A request takes longer than its responder's usually do. */
        record Late(URI responder) implements Event {}

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
        underWay.add(responder);
        askers.execute(() -> {
            try {
                Finding finding = inquiry.ask(target, responder, () -> events.add(new Event.Begun(responder)));
                events.add(new Event.Ended(finding));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the race is over
            } catch (RuntimeException e) {
                events.add(new Event.Broken(e));
            }
        });
    }

    /** Whether somebody is being asked. */
    boolean isOn() {
        return !underWay.isEmpty();
    }

    /** Whether all who are being asked take longer than usual. */
    boolean isLate() {
        return late.containsAll(underWay);
    }

    /** Waits for the next finding, or until one more is late: then there is none. */
    @Nullable
    Finding next() throws InterruptedException {
        while (true) {
            switch (event()) {
                case Event.Begun(URI responder) -> {
                    late.remove(responder);
                    lateAt.put(
                            responder,
                            System.nanoTime() + patience.with(responder).toNanos());
                }
                case Event.Late(URI responder) -> {
                    late.add(responder);
                    lateAt.remove(responder);
                    return null;
                }
                case Event.Ended(Finding finding) -> {
                    underWay.remove(finding.responder());
                    lateAt.remove(finding.responder());
                    return finding;
                }
                case Event.Broken(RuntimeException fault) -> throw fault;
            }
        }
    }

    private Event event() throws InterruptedException {
        if (lateAt.isEmpty()) {
            return events.take();
        }
        Map.Entry<URI, Long> next = Collections.min(lateAt.entrySet(), Map.Entry.comparingByValue());
        Event event = events.poll(next.getValue() - System.nanoTime(), NANOSECONDS);
        return event == null ? new Event.Late(next.getKey()) : event;
    }

    /** Waits for the end of those whom it interrupts. */
    @Override
    public void close() {
        askers.shutdownNow();
        askers.close();
    }
}
