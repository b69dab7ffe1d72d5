package io.staplegate.relay;

import io.netty.channel.ChannelHandler;
import io.staplegate.config.BackendConfig;
import io.staplegate.config.ListenerConfig;
import io.staplegate.net.Transport;
import io.staplegate.telemetry.Telemetry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listener's way to its backend: makes the last handler of each device's pipeline. */
public final class Relay {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    private final ListenerConfig listener;
    private final BackendConfig backend;
    private final BackendConnector connector;
    private final AccessLog accessLog;
    private final Telemetry telemetry;
    private final Pace failureWarnings = new Pace(Duration.ofMinutes(1));

    public Relay(
            ListenerConfig listener,
            BackendConfig backend,
            Transport transport,
            AccessLog accessLog,
            Telemetry telemetry) {
        this.listener = listener;
        this.backend = backend;
        this.connector = new BackendConnector(backend, transport, InetAddress::getAllByName);
        this.accessLog = accessLog;
        this.telemetry = telemetry;
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

    Duration idleTimeout() {
        return listener.effectiveIdleTimeout();
    }

    boolean proxyProtocol() {
        return backend.proxyProtocol() == BackendConfig.ProxyProtocol.V2;
    }

    void sessionOpened() {
        telemetry.sessionOpened(listener.name());
    }

    void relayed(boolean fromDevice, long bytes) {
        telemetry.relayed(listener.name(), fromDevice, bytes);
    }

    void sessionClosed(SessionSummary summary) {
        telemetry.sessionClosed(listener.name());
        accessLog.log(summary);
    }

    /** Counts a backend that could not be reached; says so at most once a minute. */
    void backendFailed(Throwable cause) {
        telemetry.backendFailed(backend.name());
        OptionalLong failures = failureWarnings.next(System.nanoTime());
        if (failures.isPresent()) {
            LOG.atWarn()
                    .addKeyValue("backend", backend.name())
                    .addKeyValue("listener", listener.name())
                    .addKeyValue("failures", failures.getAsLong())
                    .addKeyValue("cause", cause.getMessage())
                    .log("backend cannot be reached");
        }
    }
}
