package io.staplegate.app;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/**
 * What {@code run} and {@code demo} have in common: a proxy that serves until its thread is interrupted.
 *
 * <p>SIGTERM and SIGINT are interrupts of that thread. So the first ends whatever it does: waiting for staples at the
 * start, or serving; and a second one ends the drain that follows.
 */
final class Serving {
    private Serving() {}

    /**
     * Serves.
     *
     * @param more ports to name in the ready line after the proxy's own
     */
    static void untilInterrupted(Path file, Inspection.Accepted inspection, Map<String, Integer> more, Console console)
            throws StartFailure {
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> LoggerFactory.getLogger(Serving.class)
                .atError()
                .addKeyValue("thread", thread.getName())
                .setCause(e)
                .log("uncaught exception"));
        Thread server = Thread.currentThread();
        try (Signals signals = new Signals();
                Proxy proxy = new Proxy(file, inspection, InstantSource.system())) {
            signals.on("TERM", server::interrupt).on("INT", server::interrupt).on("HUP", proxy::reload);
            proxy.start();
            Map<String, Integer> ports = new LinkedHashMap<>(proxy.ports());
            ports.putAll(more);
            console.print(ports.entrySet().stream()
                    .map(port -> port.getKey() + "=" + port.getValue())
                    .collect(Collectors.joining(" ", "ready ", "")));
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // What was waited for: the proxy has been closed by now.
        }
    }
}
