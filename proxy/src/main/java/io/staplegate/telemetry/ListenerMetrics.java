package io.staplegate.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.staplegate.telemetry.Telemetry.HandshakeOutcome;
import io.staplegate.telemetry.Telemetry.Refusal;
import io.staplegate.telemetry.Telemetry.StapleKind;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The meters of one listener, looked up once: handshakes and relays count without searching by label. */
final class ListenerMetrics {
    private static final List<String> VERSIONS = List.of("TLSv1.2", "TLSv1.3", "DTLSv1.2", "unknown");
    private static final Duration[] HANDSHAKE_BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10)
    };

    private final String listener;
    private final List<EachOf<HandshakeOutcome, Counter>> handshakes;
    private final EachOf<StapleKind, Counter> staples;
    private final EachOf<Refusal, Counter> refusals;
    private final EachOf<PathFault, Counter> pathsRefused;
    private final EachOf<DeviceCheck, Counter> deviceChecks;
    private final Counter devicesCutOff;
    private final EachOf<DatagramDrop, Counter> datagramDrops;
    private final Counter cookies;
    private final Counter addressChanges;
    private final LongAdder handshakesPending = new LongAdder();
    private final Counter staplesRejected;
    private final Timer handshakeDuration;
    private final Counter bytesFromDevice;
    private final Counter bytesToDevice;
    private final LongAdder sessions = new LongAdder();

    ListenerMetrics(String listener, Meters meters) {
        this.listener = listener;
        handshakes = VERSIONS.stream()
                .map(version -> new EachOf<>(
                        HandshakeOutcome.class,
                        outcome -> meters.counter(Metric.HANDSHAKES, listener, version, Meters.word(outcome))))
                .toList();
        staples = new EachOf<>(
                StapleKind.class, kind -> meters.counter(Metric.HANDSHAKE_STAPLES, listener, Meters.word(kind)));
        refusals = new EachOf<>(
                Refusal.class, reason -> meters.counter(Metric.CONNECTIONS_REFUSED, listener, Meters.word(reason)));
        pathsRefused = new EachOf<>(
                PathFault.class, fault -> meters.counter(Metric.DEVICE_PATHS_REFUSED, listener, Meters.word(fault)));
        deviceChecks = new EachOf<>(
                DeviceCheck.class, outcome -> meters.counter(Metric.DEVICE_CHECKS, listener, Meters.word(outcome)));
        devicesCutOff = meters.counter(Metric.DEVICES_CUT_OFF, listener);
        datagramDrops = new EachOf<>(
                DatagramDrop.class, reason -> meters.counter(Metric.DATAGRAMS_DROPPED, listener, Meters.word(reason)));
        cookies = meters.counter(Metric.COOKIES_SENT, listener);
        addressChanges = meters.counter(Metric.ADDRESS_CHANGES, listener);
        meters.gauge(Metric.HANDSHAKES_PENDING, handshakesPending, LongAdder::doubleValue, listener);
        handshakeDuration = meters.timer(Metric.HANDSHAKE_DURATION, HANDSHAKE_BUCKETS, listener);
        staplesRejected = meters.counter(Metric.STAPLES_REJECTED, listener);
        bytesFromDevice = meters.counter(Metric.RELAYED_BYTES, listener, "from_device");
        bytesToDevice = meters.counter(Metric.RELAYED_BYTES, listener, "to_device");
        meters.gauge(Metric.SESSIONS, sessions, LongAdder::doubleValue, listener);
    }

    void stapleRejected() {
        staplesRejected.increment();
    }

    void handshakeEnded(String version, HandshakeOutcome outcome, Duration took) {
        int known = VERSIONS.indexOf(version);
        (known < 0 ? handshakes.getLast() : handshakes.get(known)).get(outcome).increment();
        if (outcome == HandshakeOutcome.OK || outcome == HandshakeOutcome.RESUMED) {
            handshakeDuration.record(took);
        }
    }

    void handshakeStapled(StapleKind kind) {
        staples.get(kind).increment();
    }

    void connectionRefused(Refusal refusal) {
        refusals.get(refusal).increment();
    }

    void devicePathRefused(PathFault fault) {
        pathsRefused.get(fault).increment();
    }

    void deviceChecked(DeviceCheck outcome) {
        deviceChecks.get(outcome).increment();
    }

    void deviceCutOff() {
        devicesCutOff.increment();
    }

    void datagramDropped(DatagramDrop reason) {
        datagramDrops.get(reason).increment();
    }

    void cookieSent() {
        cookies.increment();
    }

    void handshakePending(int change) {
        handshakesPending.add(change);
    }

    void addressChanged() {
        addressChanges.increment();
    }

    void relayed(boolean fromDevice, long bytes) {
        (fromDevice ? bytesFromDevice : bytesToDevice).increment((double) bytes);
    }

    void sessionOpened() {
        sessions.increment();
    }

    void sessionClosed() {
        sessions.decrement();
    }

    Readings.Listener read() {
        Map<String, Map<HandshakeOutcome, Long>> byVersion = new LinkedHashMap<>();
        for (int i = 0; i < VERSIONS.size(); i++) {
            byVersion.put(VERSIONS.get(i), handshakes.get(i).read(ListenerMetrics::count));
        }
        return new Readings.Listener(
                listener,
                Collections.unmodifiableMap(byVersion),
                staples.read(ListenerMetrics::count),
                count(staplesRejected),
                sum(refusals),
                sessions.sum(),
                handshakesPending.sum(),
                sum(pathsRefused),
                deviceChecks.read(ListenerMetrics::count),
                count(devicesCutOff));
    }

    private static long count(Counter counter) {
        return (long) counter.count();
    }

    private static long sum(EachOf<?, Counter> counters) {
        return counters.read(ListenerMetrics::count).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }
}
