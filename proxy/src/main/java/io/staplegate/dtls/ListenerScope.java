package io.staplegate.dtls;

import io.staplegate.config.DtlsConfig;
import io.staplegate.config.ListenerConfig;
import io.staplegate.device.Gate;
import io.staplegate.handshake.Handshakes;
import io.staplegate.net.ConnectionLimits;
import io.staplegate.relay.DatagramRelay;
import io.staplegate.telemetry.DatagramDrop;
import io.staplegate.telemetry.Telemetry;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the event loops of one listener share. Safe for use by any thread. */
final class ListenerScope {
    private final ListenerConfig config;
    private final Handshakes handshakes;
    private final @Nullable Gate deviceGate;
    private final DatagramRelay relay;
    private final Telemetry telemetry;
    private final CookieGate cookieGate;
    private final ConnectionLimits connections;
    private final ConnectionLimits pending;
    private final AtomicInteger sessions = new AtomicInteger();
    private volatile boolean accepting = true;

    ListenerScope(
            ListenerConfig config,
            Handshakes handshakes,
            @Nullable Gate deviceGate,
            DatagramRelay relay,
            Telemetry telemetry,
            CookieGate cookieGate) {
        this.config = config;
        this.handshakes = handshakes;
        this.deviceGate = deviceGate;
        this.relay = relay;
        this.telemetry = telemetry;
        this.cookieGate = cookieGate;
        this.connections = new ConnectionLimits(config.maxConnections(), config.maxConnectionsPerSource());
        this.pending = new ConnectionLimits(
                config.dtls().maxHandshakes(), config.dtls().maxHandshakesPerSource());
    }

    String name() {
        return config.name();
    }

    ListenerConfig config() {
        return config;
    }

    DtlsConfig dtls() {
        return config.dtls();
    }

    Handshakes handshakes() {
        return handshakes;
    }

    DatagramRelay relay() {
        return relay;
    }

    Telemetry telemetry() {
        return telemetry;
    }

    CookieGate cookieGate() {
        return cookieGate;
    }

    /** Asked about devices with a certificate; null: all are let in. */
    @Nullable
    Gate deviceGate() {
        return deviceGate;
    }

    /** Sessions and handshakes. */
    ConnectionLimits connections() {
        return connections;
    }

    /** Handshakes alone. */
    ConnectionLimits pending() {
        return pending;
    }

    /** How many sessions are open. */
    AtomicInteger sessions() {
        return sessions;
    }

    /** Whether new handshakes begin. */
    boolean accepting() {
        return accepting;
    }

    void stopAccepting() {
        accepting = false;
    }

    void dropped(DatagramDrop why) {
        telemetry.datagramDropped(config.name(), why);
    }
}
