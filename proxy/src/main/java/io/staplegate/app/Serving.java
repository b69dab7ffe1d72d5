package io.staplegate.app;

import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code run} and {@code demo} have in common: a proxy that serves until its thread is interrupted.
 *
 * <p>SIGTERM and SIGINT are interrupts of that thread. So the first ends whatever it does, waiting for staples at the
 * start or serving; a second one ends the drain that follows.
 */
final class Serving {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

    /** A new certificate is served after two to three of these. */
    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(5);

    private Serving() {}

    /** What to do once the ports are known, and nobody is served yet. */
    interface Preparation {
        /** Returns the ports that the ready line names. {@code ports}: the proxy's own. */
        Map<String, Integer> bound(Map<String, Integer> ports) throws IOException;
    }

    /** Serves, and prints the ready line as soon as it does. */
    static void untilInterrupted(Path file, Inspection.Accepted inspection, Console console, Preparation preparation)
            throws StartFailure, IOException {
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> LOG.atError()
                .addKeyValue("thread", thread.getName())
                .setCause(e)
                .log("uncaught exception"));
        LogOutput.apply(inspection.configuration().log());
        InstantSource clock = InstantSource.system();
        Telemetry telemetry = new Telemetry(clock);
        telemetry.observeProcess();
        Thread server = Thread.currentThread();
        try (Signals signals = new Signals();
                Proxy proxy = new Proxy(file, inspection, clock, telemetry, WATCH_INTERVAL)) {
            signals.on("TERM", server::interrupt).on("INT", server::interrupt).on("HUP", proxy::reload);
            proxy.bind();
            Map<String, Integer> ports = preparation.bound(proxy.ports());
            proxy.serve();
            console.print(ports.entrySet().stream()
                    .map(port -> port.getKey() + "=" + port.getValue())
                    .collect(Collectors.joining(" ", "ready ", "")));
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            LOG.info("stopped");
        }
    }
}
