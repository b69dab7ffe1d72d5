package io.staplegate.fetch;

import io.staplegate.telemetry.Telemetry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which responders are down. The circuit of one opens after three failures in a row, or at once where it asks for time;
 * from then on nobody asks it but one probe every 30 to 33 seconds, or sooner where a start waits for an answer
 * ({@link #probeWithin}), until it answers. Safe for use by any thread.
 *
 * <p>Whoever wants to ask: {@link #admits}, then {@link ResponderClient#fetch}, which tells by itself of requests
 * without an HTTP answer, then {@link #answered} or {@link #failed} for what the body is worth.
 */
public final class Circuits {
    static final int FAILURES_TO_OPEN = 3;
    static final Duration PROBE_INTERVAL = Duration.ofSeconds(30);
    static final Duration PROBE_SPREAD = Duration.ofSeconds(3);

    /** For so long a probe that is due is left to those who look for our own staples, once a second. */
    static final Duration OURS_FIRST = Duration.ofSeconds(5);

    /** A responder that answers a device with a wish for time gets no more of ours. */
    static final Duration LONGEST_WISH_TO_DEVICES = Duration.ofSeconds(30);

    static final int MOST = 1_000;

    private final InstantSource clock;
    private final Telemetry telemetry;
    private final RandomGenerator random;
    /** Of responders whose last word was a failure; all others are fine. The longest unused one gives way. */
    private final LinkedHashMap<String, Circuit> troubled = new LinkedHashMap<>(16, 0.75f, true);

    /** Of all responders, ever. */
    private long failuresEver;

    /** A circuit that is not closed. */
    record Trouble(ResponderView.Circuit circuit, @Nullable Instant nextProbe) {}

    /** Guarded by the lock of its owner. */
    private static final class Circuit {
        final String hostPort;
        int failures;
        long lastFailure;
        boolean open;
        boolean probed;
        /** When the times below were set: a clock that shows less has been set back, and they mean nothing. */
        Instant setAt = Instant.MIN;

        Instant probeAt = Instant.MIN;
        Instant heldUntil = Instant.MIN;

        Circuit(String hostPort) {
            this.hostPort = hostPort;
        }

        /** Whether a probe is due, and has been for so long. */
        boolean isProbeDue(Instant now, Duration dueFor) {
            Instant since = probeAt.isAfter(heldUntil) ? probeAt : heldUntil;
            return now.isBefore(setAt) || !now.minus(dueFor).isBefore(since);
        }

        /** Whether the responder has asked for time, and that is not over. */
        boolean isHeld(Instant now) {
            return !now.isBefore(setAt) && now.isBefore(heldUntil);
        }

        Trouble trouble() {
            return new Trouble(
                    probed ? ResponderView.Circuit.PROBED : ResponderView.Circuit.OPEN,
                    probeAt.isAfter(heldUntil) ? probeAt : heldUntil);
        }
    }

    Circuits(InstantSource clock, Telemetry telemetry, RandomGenerator random) {
        this.clock = clock;
        this.telemetry = telemetry;
        this.random = random;
    }

    /**
     * Whether a responder may be asked now. Of an open circuit it is the probe that is admitted, and with it taken: who
     * asks this must ask the responder.
     */
    public synchronized boolean admits(URI responder) {
        return admits(responder, Duration.ZERO);
    }

    /**
     * The same, for a device's question, whose answer may say nothing of the responder: a probe is its own only where
     * it has been due for 5 seconds, and nobody has taken it for a staple.
     */
    public synchronized boolean admitsDevice(URI responder) {
        return admits(responder, OURS_FIRST);
    }

    private boolean admits(URI responder, Duration dueFor) {
        Circuit circuit = troubled.get(key(responder));
        if (circuit == null || !circuit.open) {
            return true;
        }
        Instant now = clock.instant();
        if (!circuit.isProbeDue(now, dueFor)) {
            return false;
        }
        planProbe(circuit, now);
        circuit.probed = true;
        return true;
    }

    /** Whether a responder is only probed. */
    public synchronized boolean isOpen(URI responder) {
        Circuit circuit = troubled.get(key(responder));
        return circuit != null && circuit.open;
    }

    /** Whether a responder has asked for time, which is not over. */
    public synchronized boolean isHeld(URI responder) {
        Circuit circuit = troubled.get(key(responder));
        return circuit != null && circuit.isHeld(clock.instant());
    }

    /** Whether the circuit is open, and would admit a probe now. */
    public synchronized boolean isProbeDue(URI responder) {
        Circuit circuit = troubled.get(key(responder));
        return circuit != null && circuit.open && circuit.isProbeDue(clock.instant(), Duration.ZERO);
    }

    /**
     * The responder is there: it gave a verified answer, or said that it has none about the certificate in question
     * (unknown, unauthorized, one about another certificate), or that it dislikes the request (malformedRequest,
     * sigRequired). A wish for time holds nevertheless: the answer may be to a request that went out before the wish
     * came.
     */
    public synchronized void answered(URI responder) {
        Circuit circuit = troubled.get(key(responder));
        if (circuit == null) {
            return;
        }
        circuit.failures = 0;
        circuit.probed = false;
        if (circuit.isHeld(clock.instant())) {
            circuit.probeAt = Instant.MIN; // the hold alone decides
            return;
        }
        forget(responder);
    }

    /** The responder answered, with something that is of no use: an error, no OCSP response, a bad signature. */
    public void failed(URI responder) {
        failed(responder, null);
    }

    /**
     * The same, or there was no answer.
     *
     * @param retryAfter holds off every probe, as the responder asked for; null where it did not
     */
    synchronized void failed(URI responder, @Nullable Duration retryAfter) {
        Instant now = clock.instant();
        failed(responder, now, retryAfter == null || !retryAfter.isPositive() ? null : now.plus(retryAfter));
    }

    /** The same, where a device had asked: a wish for time counts for 30 seconds at most, and shortens none. */
    synchronized void failedDevice(URI responder, @Nullable Duration retryAfter) {
        Instant now = clock.instant();
        if (retryAfter == null || !retryAfter.isPositive()) {
            failed(responder, now, null);
            return;
        }
        Circuit circuit = troubled.get(key(responder));
        Instant before = circuit != null && circuit.isHeld(now) ? circuit.heldUntil : Instant.MIN;
        Instant until =
                now.plus(retryAfter.compareTo(LONGEST_WISH_TO_DEVICES) < 0 ? retryAfter : LONGEST_WISH_TO_DEVICES);
        failed(responder, now, before.isAfter(until) ? before : until);
    }

    private void failed(URI responder, Instant now, @Nullable Instant heldUntil) {
        Circuit circuit = troubled.computeIfAbsent(key(responder), _ -> new Circuit(hostPort(responder)));
        circuit.failures++;
        circuit.probed = false;
        circuit.lastFailure = ++failuresEver;
        if (circuit.failures >= FAILURES_TO_OPEN || circuit.open) {
            circuit.open = true;
            planProbe(circuit, now);
        }
        if (heldUntil != null) {
            circuit.open = true;
            circuit.setAt = now;
            circuit.heldUntil = heldUntil;
        }
        if (circuit.open) {
            report(circuit.hostPort);
        }
        if (troubled.size() > MOST) {
            report(troubled.pollFirstEntry().getValue().hostPort);
        }
    }

    /** Lets no responder's wish for time outlast a moment: that from which on a staple would be at risk. */
    public synchronized void holdNoLongerThan(URI responder, Instant latest) {
        Circuit circuit = troubled.get(key(responder));
        if (circuit != null && circuit.heldUntil.isAfter(latest)) {
            circuit.heldUntil = latest;
        }
    }

    /** Brings the next probe forward, to so long after the last. A wish for time holds. */
    public synchronized void probeWithin(URI responder, Duration interval) {
        Circuit circuit = troubled.get(key(responder));
        if (circuit != null && circuit.open && circuit.probeAt.isAfter(circuit.setAt.plus(interval))) {
            circuit.probeAt = circuit.setAt.plus(interval);
        }
    }

    /** Forgets a responder that is not asked any more. Whoever asks it all the same finds out again. */
    public synchronized void forget(URI responder) {
        Circuit circuit = troubled.remove(key(responder));
        if (circuit != null && circuit.open) {
            report(circuit.hostPort);
        }
    }

    /** Forgets all failures: for when the clock was set. */
    public synchronized void reset() {
        Map<String, Circuit> before = new HashMap<>(troubled);
        troubled.clear();
        before.values().stream().filter(circuit -> circuit.open).forEach(circuit -> report(circuit.hostPort));
    }

    /** Tells failures apart: another value is another failure, and 0 is none. */
    synchronized long lastFailure(URI responder) {
        Circuit circuit = troubled.get(key(responder));
        return circuit == null ? 0 : circuit.lastFailure;
    }

    /** Those that are open now, one for each host and port: of several the worst. */
    synchronized Map<String, Trouble> open() {
        Map<String, Trouble> open = new HashMap<>();
        troubled.values().stream()
                .filter(circuit -> circuit.open)
                .forEach(circuit -> open.merge(
                        circuit.hostPort,
                        circuit.trouble(),
                        (one, other) -> one.circuit.compareTo(other.circuit) < 0 ? other : one));
        return open;
    }

    private void planProbe(Circuit circuit, Instant now) {
        circuit.setAt = now;
        circuit.probeAt = now.plus(PROBE_INTERVAL).plusMillis(random.nextLong(PROBE_SPREAD.toMillis() + 1));
    }

    /** The metric's label is coarser than a circuit: one of several at a host counts for it. */
    private void report(String hostPort) {
        boolean open =
                troubled.values().stream().anyMatch(circuit -> circuit.open && circuit.hostPort.equals(hostPort));
        telemetry.circuitOpen(hostPort, open);
    }

    /** Two paths of a host may be two services; a query makes none. */
    private static String key(URI responder) {
        return ResponderClient.isHttp(responder)
                ? responder.getScheme().toLowerCase(Locale.ROOT) + "://" + hostPort(responder) + responder.getRawPath()
                : responder.toString();
    }

    private static String hostPort(URI responder) {
        return ResponderClient.isHttp(responder) ? ResponderClient.hostPort(responder) : responder.toString();
    }
}
