package io.staplegate.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.staplegate.telemetry.Telemetry.HandshakeOutcome;
import io.staplegate.telemetry.Telemetry.Refusal;
import io.staplegate.telemetry.Telemetry.StapleKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
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

    private final List<Map<HandshakeOutcome, Counter>> handshakes = new ArrayList<>();
    private final Map<StapleKind, Counter> staples = new EnumMap<>(StapleKind.class);
    private final Map<Refusal, Counter> refusals = new EnumMap<>(Refusal.class);
    private final Timer handshakeDuration;
    private final Counter bytesFromDevice;
    private final Counter bytesToDevice;
    private final LongAdder sessions = new LongAdder();

    ListenerMetrics(String listener, Meters meters) {
        for (String version : VERSIONS) {
            Map<HandshakeOutcome, Counter> byOutcome = new EnumMap<>(HandshakeOutcome.class);
            for (HandshakeOutcome outcome : HandshakeOutcome.values()) {
                byOutcome.put(outcome, meters.counter(Metric.HANDSHAKES, listener, version, Meters.word(outcome)));
            }
            handshakes.add(byOutcome);
        }
        for (StapleKind kind : StapleKind.values()) {
            staples.put(kind, meters.counter(Metric.HANDSHAKE_STAPLES, listener, Meters.word(kind)));
        }
        for (Refusal refusal : Refusal.values()) {
            refusals.put(refusal, meters.counter(Metric.CONNECTIONS_REFUSED, listener, Meters.word(refusal)));
        }
        handshakeDuration = meters.timer(Metric.HANDSHAKE_DURATION, HANDSHAKE_BUCKETS, listener);
        bytesFromDevice = meters.counter(Metric.RELAYED_BYTES, listener, "from_device");
        bytesToDevice = meters.counter(Metric.RELAYED_BYTES, listener, "to_device");
        meters.gauge(Metric.SESSIONS, sessions, LongAdder::doubleValue, listener);
    }

    void handshakeEnded(String version, HandshakeOutcome outcome, Duration took) {
        int known = VERSIONS.indexOf(version);
        Map<HandshakeOutcome, Counter> byOutcome = known < 0 ? handshakes.getLast() : handshakes.get(known);
        byOutcome.get(outcome).increment();
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

    void relayed(boolean fromDevice, long bytes) {
        (fromDevice ? bytesFromDevice : bytesToDevice).increment(bytes);
    }

    void sessionOpened() {
        sessions.increment();
    }

    void sessionClosed() {
        sessions.decrement();
    }
}
