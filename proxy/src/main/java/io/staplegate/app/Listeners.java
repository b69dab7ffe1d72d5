package io.staplegate.app;

import io.staplegate.dtls.DtlsListener;
import io.staplegate.tls.TlsListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ports that devices connect to, by what is spoken there. Used by one thread.
 *
 * <p>They stop in two ways: a TLS connection may go on until the drain ends; a DTLS session lasts for days, so that
 * nobody waits for its end, and its device can resume it at once.
 */
final class Listeners {
    private final List<TlsListener> tls = new ArrayList<>();
    private final List<DtlsListener> dtls = new ArrayList<>();

    void add(TlsListener listener) {
        tls.add(listener);
    }

    void add(DtlsListener listener) {
        dtls.add(listener);
    }

    /** The port of the first listener of each kind, by its name in the ready line. */
    Map<String, Integer> ports() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        tls.stream().findFirst().ifPresent(first -> ports.put("tls", first.port()));
        dtls.stream().findFirst().ifPresent(first -> ports.put("dtls", first.port()));
        return ports;
    }

    void serve() {
        tls.forEach(TlsListener::serve);
        dtls.forEach(DtlsListener::serve);
    }

    /** Lets in nobody any more. */
    void stopAccepting() {
        tls.forEach(TlsListener::stopAccepting);
        dtls.forEach(DtlsListener::stopAccepting);
    }

    /** How many there are whose end {@link #awaitIdle} waits for. */
    int connections() {
        return tls.stream().mapToInt(TlsListener::connections).sum();
    }

    /** Waits for the end of every TLS connection, but not for longer than this. */
    void awaitIdle(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (TlsListener listener : tls) {
            listener.awaitIdle(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
    }

    /** Ends whatever is open with a close_notify. {@code limit}: for what one listener has to send. */
    void shutdown(Duration limit) throws InterruptedException {
        for (TlsListener listener : tls) {
            listener.shutdown(limit);
        }
        for (DtlsListener listener : dtls) {
            listener.shutdown(limit);
        }
    }
}
