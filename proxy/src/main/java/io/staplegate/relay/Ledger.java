package io.staplegate.relay;

import io.staplegate.telemetry.DatagramDrop;
import io.staplegate.telemetry.Telemetry;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.slf4j.spi.NOPLoggingEventBuilder;

/** Where the sessions of one listener with its backend are counted and logged. Safe for use by any thread. */
final class Ledger {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);

    private final String listener;
    private final String backend;
    private final OpenSessions open;
    private final AccessLog accessLog;
    private final Telemetry telemetry;
    private final Pace failureWarnings = new Pace(WARNING_INTERVAL);
    private final Pace refusalWarnings = new Pace(WARNING_INTERVAL);

    Ledger(String listener, String backend, AccessLog accessLog, Telemetry telemetry) {
        this.listener = listener;
        this.backend = backend;
        this.open = new OpenSessions(listener, backend);
        this.accessLog = accessLog;
        this.telemetry = telemetry;
    }

    /** The sessions that are open. */
    OpenSessions open() {
        return open;
    }

    /** Returns the session's id. */
    long sessionOpened(OpenSession session) {
        telemetry.sessionOpened(listener);
        return open.add(session);
    }

    void relayed(boolean fromDevice, long bytes) {
        telemetry.relayed(listener, fromDevice, bytes);
    }

    void dropped(DatagramDrop reason) {
        telemetry.datagramDropped(listener, reason);
    }

    void sessionClosed(long id, SessionSummary summary) {
        open.remove(id);
        telemetry.sessionClosed(listener);
        accessLog.log(summary);
    }

    /** Counts a backend of which no address could be reached; says so at most once a minute. */
    void backendFailed(Throwable cause) {
        telemetry.backendFailed(backend);
        warning(failureWarnings).addKeyValue("cause", cause.getMessage()).log("backend cannot be reached");
    }

    /** Counts a datagram for an address at which nobody listens; says so at most once a minute. */
    void backendRefused(SocketAddress address) {
        telemetry.backendRefused(backend);
        warning(refusalWarnings)
                .addKeyValue("address", String.valueOf(address))
                .log("backend refused a datagram: nobody listens there");
    }

    /** One that is not due goes nowhere. */
    private LoggingEventBuilder warning(Pace pace) {
        OptionalLong failures = pace.next(System.nanoTime());
        return failures.isEmpty()
                ? NOPLoggingEventBuilder.singleton()
                : LOG.atWarn()
                        .addKeyValue("backend", backend)
                        .addKeyValue("listener", listener)
                        .addKeyValue("failures", failures.getAsLong());
    }
}
