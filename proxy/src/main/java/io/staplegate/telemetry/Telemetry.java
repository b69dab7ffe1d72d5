package io.staplegate.telemetry;

import java.time.Duration;
import java.time.Instant;
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

    /** Why a connection was refused at accept. */
    public enum Refusal {
        LISTENER_LIMIT,
        SOURCE_LIMIT
    }

    /** Creates the series of an identity at 0. */
    public void identityKnown(String identity) {}

    /** Creates the series of a listener at 0. */
    public void listenerKnown(String listener) {}

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
            @Nullable Instant nextUpdate) {}

    /** A certificate that is no longer served: its series end. */
    public void stapleForgotten(String identity, String certificate) {}

    /** One refresh ended. */
    public void refreshed(String identity, RefreshOutcome outcome) {}

    /**
     * One request to a responder ended.
     *
     * @param responder its host and port
     * @param outcome one word of a fixed set
     */
    public void responderRequested(String responder, String outcome, Duration took) {}

    /** A staple could not be written to, or read from, the state directory. */
    public void storeFailed() {}

    /** A staple could not be written to one of its export files. */
    public void exportFailed(String identity) {}

    /** One handshake ended. {@code version}: {@code TLSv1.2}, {@code TLSv1.3}, {@code DTLSv1.2} or {@code unknown}. */
    public void handshakeEnded(String listener, String version, HandshakeOutcome outcome, Duration took) {}

    /** What one full handshake carried. */
    public void handshakeStapled(String listener, StapleKind kind) {}

    /** A session was opened: counts until {@link #sessionClosed}. */
    public void sessionOpened(String listener) {}

    /** A session ended. */
    public void sessionClosed(String listener) {}

    /** Application bytes: {@code fromDevice} to the backend, else to the device. */
    public void relayed(String listener, boolean fromDevice, long bytes) {}

    /** A connection was refused at accept. */
    public void connectionRefused(String listener, Refusal refusal) {}

    /** No address of a backend could be reached. */
    public void backendFailed(String backend) {}

    /** The configuration or a file that it names was read again. */
    public void reloaded(boolean accepted) {}

    /** All metrics in the given exposition format: Prometheus text or OpenMetrics. */
    public String scrape(String contentType) {
        return contentType;
    }
}
