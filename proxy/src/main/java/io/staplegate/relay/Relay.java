package io.staplegate.relay;

import io.netty.channel.ChannelHandler;
import io.staplegate.config.BackendConfig;
import io.staplegate.config.ListenerConfig;
import io.staplegate.net.Transport;
import io.staplegate.telemetry.Telemetry;
import java.net.InetAddress;
import java.time.Duration;

/** One listener's way to its backend: makes the last handler of each device's pipeline. */
public final class Relay {
    private final ListenerConfig listener;
    private final BackendConfig backend;
    private final BackendConnector connector;
    private final Ledger ledger;

    public Relay(
            ListenerConfig listener,
            BackendConfig backend,
            Transport transport,
            AccessLog accessLog,
            Telemetry telemetry) {
        this.listener = listener;
        this.backend = backend;
        this.connector = new BackendConnector(backend, transport, InetAddress::getAllByName);
        this.ledger = new Ledger(listener.name(), backend.name(), accessLog, telemetry);
    }

    /**
     * A handler for one device channel. It waits for the user event {@link SessionFacts}, connects to the backend, and
     * then moves bytes both ways; it writes {@link SessionSignal}s and {@code ByteBuf}s to the device, and calls
     * {@code read()} for each portion of bytes that it can take.
     *
     * <p>The security layer completes the promise of a signal when the signal, and everything before it, is with the
     * kernel; it closes the channel by itself after every signal but {@link SessionSignal#END_OF_STREAM}.
     */
    public ChannelHandler newSession() {
        return new DeviceSide(this);
    }

    BackendConnector connector() {
        return connector;
    }

    /** Those that are open. */
    public OpenSessions sessions() {
        return ledger.open();
    }

    Ledger ledger() {
        return ledger;
    }

    Duration idleTimeout() {
        return listener.effectiveIdleTimeout();
    }

    boolean proxyProtocol() {
        return backend.proxyProtocol() == BackendConfig.ProxyProtocol.V2;
    }
}
