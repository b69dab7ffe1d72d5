package io.staplegate.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Every metric that Staplegate has, one typed method each. Safe for use by any thread. */
public final class Telemetry {
    /** What is known of one certificate: the value of the {@code status} label. */
    public enum StapleStatus {
        GOOD,
        REVOKED,
        UNKNOWN,
        ABSENT
    }

    /** How one refresh ended. */
    public enum RefreshOutcome {
        UPDATED,
        UNCHANGED,
        FAILED
    }

    /** How one handshake ended. */
    public enum HandshakeOutcome {
        OK,
        RESUMED,
        ALERT_SENT,
        ALERT_RECEIVED,
        TIMEOUT,
        CLOSED
    }

    /** What was stapled in one handshake; {@code CHAIN}: every certificate sent had a staple. */
    public enum StapleKind {
        NOT_REQUESTED,
        NONE,
        LEAF,
        CHAIN
    }

    /** How one request to the mirror ended. */
    public enum MirrorOutcome {
        CACHED,
        FETCHED,
        NOT_MODIFIED,
        TRY_LATER,
        UNAUTHORIZED,
        MALFORMED,
        LIMITED,
        CRL,
        NOT_FOUND
    }

    /** Why a connection was refused at accept. */
    public enum Refusal {
        LISTENER_LIMIT,
        SOURCE_LIMIT
    }

    /**
     * When a certificate counts.
     *
     * @param certificate its serial in lower-case hex
     */
    public record Validity(String certificate, Instant notBefore, Instant notAfter) {}

    private final PrometheusMeterRegistry registry = ProcessMetrics.newRegistry();
    private final Meters meters = new Meters(registry);
    private final IdentityMetrics identities = new IdentityMetrics();
    private final CrlMetrics crls = new CrlMetrics();
    private final ConcurrentMap<String, ListenerMetrics> listeners = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Counter> backendFailures = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Counter> backendRefusals = new ConcurrentHashMap<>();
    private final ResponderMetrics responders = new ResponderMetrics(meters);
    private final EachOf<Rung, Counter> looks =
            new EachOf<>(Rung.class, rung -> meters.counter(Metric.REFRESHES_BY_RUNG, Meters.word(rung)));
    private final EachOf<MirrorOutcome, Counter> mirrorRequests =
            new EachOf<>(MirrorOutcome.class, end -> meters.counter(Metric.MIRROR_REQUESTS, Meters.word(end)));
    private final Counter storeFailures = meters.counter(Metric.STORE_FAILURES);
    private final LongAdder storesFailing = new LongAdder();
    private final ReloadMetrics reloads;
    private volatile BooleanSupplier readiness = () -> false;
    private volatile @Nullable Duration clockOffset;
    private final long startedNanos = System.nanoTime();

    /** {@code clock}: says when the configuration in force was read. */
    public Telemetry(InstantSource clock) {
        reloads = new ReloadMetrics(clock, meters);
        registry.getPrometheusRegistry().register(identities);
        registry.getPrometheusRegistry().register(crls);
        meters.gauge(Metric.READY, this, us -> us.readiness.getAsBoolean() ? 1 : 0);
        meters.gauge(Metric.STORE_WRITABLE, storesFailing, failing -> failing.sum() == 0 ? 1 : 0);
        meters.info(Metric.BUILD_INFO, version(), Runtime.version().toString());
    }

    private static String version() {
        return Objects.requireNonNullElse(Telemetry.class.getPackage().getImplementationVersion(), "development");
    }

    /** Adds the metrics of the JVM and the process; once a process, as it listens to the garbage collector for good. */
    public void observeProcess() {
        ProcessMetrics.bind(registry);
    }

    /** Adds the metrics of Netty: of the buffers of the process, and of these event loops, which are started by it. */
    public void observeEventLoops(Iterable<EventExecutor> eventLoops) {
        ProcessMetrics.bind(registry, eventLoops);
    }

    /** Shows whether traffic should come here. {@code ready}: asked at each scrape, by any thread; does not block. */
    public void readiness(BooleanSupplier ready) {
        readiness = ready;
    }

    /** Creates the series of an identity at 0. */
    public void identityKnown(String identity) {
        identities.known(identity);
    }

    /**
     * An identity is served from now on with these certificates, and with no others.
     *
     * @param chain its own certificate first
     * @param stapleRequired whether handshakes that ask for a staple are refused where there is no good one
     */
    public void identityServed(String identity, List<Validity> chain, boolean stapleRequired) {
        identities.served(identity, chain, stapleRequired);
    }

    /** An identity that is no longer configured: its own series end; those of its certificates are told one by one. */
    public void identityForgotten(String identity) {
        identities.forgotten(identity);
    }

    /** The revocation lists that devices are checked against. */
    public CrlMetrics crls() {
        return crls;
    }

    /** Creates the series of a listener at 0. */
    public void listenerKnown(String listener) {
        listener(listener);
    }

    /** Creates the series of a backend at 0. */
    public void backendKnown(String backend) {
        failuresOf(backend);
        refusalsOf(backend);
    }

    /**
     * The current state of one certificate's staple.
     *
     * @param certificate its serial in lower-case hex
     * @param thisUpdate null where there is no staple
     * @param nextUpdate null where there is no staple
     */
    public void staple(
            String identity,
            String certificate,
            StapleStatus status,
            @Nullable Instant thisUpdate,
            @Nullable Instant nextUpdate) {
        identities.staple(IdentityMetrics.certificate(identity, certificate), status, thisUpdate, nextUpdate);
    }

    /** A certificate that is no longer served: its series end. */
    public void stapleForgotten(String identity, String certificate) {
        identities.stapleForgotten(IdentityMetrics.certificate(identity, certificate));
    }

    /** One refresh ended. */
    public void refreshed(String identity, RefreshOutcome outcome) {
        identities.refreshed(identity, outcome);
    }

    /**
     * One request to a responder ended.
     *
     * @param responder its host and port
     * @param outcome one word of a fixed set
     */
    public void responderRequested(String responder, String outcome, Duration took) {
        responders.requested(responder, outcome, took);
    }

    /**
     * The time that 95 of 100 recent exchanges with a responder took at most; null where there were too few of them.
     *
     * @param responder its host and port
     */
    public @Nullable Duration recent95thPercentile(String responder) {
        return responders.recent95thPercentile(responder);
    }

    /** Whether a responder is only probed from now on. {@code responder}: its host and port. */
    public void circuitOpen(String responder, boolean open) {
        responders.circuitOpen(responder, open);
    }

    /** One look for a newer answer ended. */
    public void looked(Rung rung) {
        looks.get(rung).increment();
    }

    /** How far the clock is behind what responders say; negative where it is ahead. */
    public void clockOffset(Duration offset) {
        if (clockOffset == null) {
            meters.gauge(Metric.CLOCK_OFFSET, this, us -> us.clockOffset == null ? 0 : us.clockOffset.toMillis() / 1e3);
        }
        clockOffset = offset;
    }

    /** One request to the mirror ended. */
    public void mirrorRequested(MirrorOutcome outcome) {
        mirrorRequests.get(outcome).increment();
    }

    /** A staple could not be written to, or read from, the state directory. */
    public void storeFailed() {
        storeFailures.increment();
    }

    /** A part of the state directory can be written no more ({@code false}), or again. Told when that changes. */
    public void storeWritable(boolean writable) {
        storesFailing.add(writable ? -1 : 1);
    }

    /** A staple could not be written to one of its export files. */
    public void exportFailed(String identity) {
        identities.exportFailed(identity);
    }

    /** One handshake ended. {@code version}: {@code TLSv1.2}, {@code TLSv1.3}, {@code DTLSv1.2} or {@code unknown}. */
    public void handshakeEnded(String listener, String version, HandshakeOutcome outcome, Duration took) {
        listener(listener).handshakeEnded(version, outcome, took);
    }

    /** What one full handshake carried. */
    public void handshakeStapled(String listener, StapleKind kind) {
        listener(listener).handshakeStapled(kind);
    }

    /** A device ended its handshake because of the staple (R27). */
    public void stapleRejected(String listener) {
        listener(listener).stapleRejected();
    }

    /** A session was opened: counts until {@link #sessionClosed}. */
    public void sessionOpened(String listener) {
        listener(listener).sessionOpened();
    }

    /** A session ended. */
    public void sessionClosed(String listener) {
        listener(listener).sessionClosed();
    }

    /** Application bytes: {@code fromDevice} to the backend, else to the device. */
    public void relayed(String listener, boolean fromDevice, long bytes) {
        listener(listener).relayed(fromDevice, bytes);
    }

    /** A connection was refused at accept. */
    public void connectionRefused(String listener, Refusal refusal) {
        listener(listener).connectionRefused(refusal);
    }

    /** A handshake was ended because of the device's certificates. */
    public void devicePathRefused(String listener, PathFault fault) {
        listener(listener).devicePathRefused(fault);
    }

    /** A device's certificate was checked, behind its handshake. */
    public void deviceChecked(String listener, DeviceCheck outcome) {
        listener(listener).deviceChecked(outcome);
    }

    /** A session was ended because its device may be here no longer. */
    public void deviceCutOff(String listener) {
        listener(listener).deviceCutOff();
    }

    /** One datagram was dropped, to or from a device. */
    public void datagramDropped(String listener, DatagramDrop reason) {
        listener(listener).datagramDropped(reason);
    }

    /** A ClientHello without a valid cookie was answered with one. */
    public void cookieSent(String listener) {
        listener(listener).cookieSent();
    }

    /** A handshake has a valid cookie, and is not over: counts until {@link #handshakePassed}. */
    public void handshakePending(String listener) {
        listener(listener).handshakePending(1);
    }

    /** A handshake that was pending is over. */
    public void handshakePassed(String listener) {
        listener(listener).handshakePending(-1);
    }

    /** A device was found at another address by its connection id (R49). */
    public void addressChanged(String listener) {
        listener(listener).addressChanged();
    }

    /** A backend's host said that nobody listens there (ICMP port unreachable). */
    public void backendRefused(String backend) {
        refusalsOf(backend).increment();
    }

    /** No address of a backend could be reached. */
    public void backendFailed(String backend) {
        failuresOf(backend).increment();
    }

    /** The configuration or a file that it names was read again. */
    public void reloaded(boolean accepted) {
        reloads.ended(accepted);
    }

    /** What people want to see of all this, as it is now. */
    public Readings read() {
        return new Readings(
                version(),
                Duration.ofNanos(System.nanoTime() - startedNanos),
                clockOffset,
                reloads.read(),
                listeners.values().stream()
                        .map(ListenerMetrics::read)
                        .sorted(Comparator.comparing(Readings.Listener::name))
                        .toList(),
                responders.read(),
                crls.read(),
                (long) storeFailures.count());
    }

    /**
     * What to answer to who accepts {@code accept}: OpenMetrics where it is named, else Prometheus text.
     *
     * @param accept the value of the {@code Accept} header; null without one
     */
    public String contentType(@Nullable String accept) {
        return Exposition.accepted(accept).contentType();
    }

    /**
     * Writes all metrics in the given exposition format.
     *
     * @param contentType as {@link #contentType} chose it
     */
    public void scrape(String contentType, OutputStream out) throws IOException {
        Exposition.of(contentType).write(registry.getPrometheusRegistry().scrape(), out);
    }

    /** The same as one text. */
    public String scrape(String contentType) {
        return Exposition.of(contentType).text(registry.getPrometheusRegistry().scrape());
    }

    private ListenerMetrics listener(String name) {
        ListenerMetrics known = listeners.get(name);
        return known != null ? known : listeners.computeIfAbsent(name, this::newListener);
    }

    private ListenerMetrics newListener(String name) {
        return new ListenerMetrics(name, meters);
    }

    private Counter refusalsOf(String backend) {
        return backendRefusals.computeIfAbsent(backend, name -> meters.counter(Metric.BACKEND_REFUSALS, name));
    }

    private Counter failuresOf(String backend) {
        return backendFailures.computeIfAbsent(backend, name -> meters.counter(Metric.BACKEND_FAILURES, name));
    }
}
