package io.staplegate.app;

import static org.awaitility.Awaitility.await;

import io.staplegate.app.MutualDevice.Protocol;
import io.staplegate.handshake.DeviceCredentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a device that came once.
 *
 * @param isIn whether what it sent came back from the backend
 * @param reached connections or datagrams that reached the backend meanwhile
 * @param handshaken whether its handshake came to its end, as the device saw it
 * @param alert that it got; empty where it is in
 * @param counted the metric's word for it
 */
record DeviceVerdict(boolean isIn, int reached, boolean handshaken, String alert, String counted) {
    private static final String CHECKS = "staplegate_device_checks_total";
    private static final String PATHS = "staplegate_device_paths_refused_total";
    private static final String GREETING = "hello from a device";

    /** Has a device come, and leave. The only one at its door. */
    static DeviceVerdict on(DeviceScene scene, Door door, Protocol protocol, @Nullable DeviceCredentials own) {
        Counts checks = scene.counts(door, CHECKS, "outcome");
        Counts paths = scene.counts(door, PATHS, "reason");
        int before = door.reached();
        try (MutualDevice device = MutualDevice.connect(protocol, door.port(), scene.server(), own)) {
            boolean isIn = device.echo(GREETING).equals(GREETING);
            String alert = isIn ? "" : device.alert();
            List<String> counted = new ArrayList<>();
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).until(() -> {
                counted.clear();
                counted.addAll(
                        words("checks", scene.counts(door, CHECKS, "outcome").since(checks)));
                counted.addAll(
                        words("paths", scene.counts(door, PATHS, "reason").since(paths)));
                return !counted.isEmpty();
            });
            return new DeviceVerdict(
                    isIn, door.reached() - before, device.isConnected(), alert, String.join(" + ", counted));
        }
    }

    private static List<String> words(String metric, Counts counts) {
        return counts.by().entrySet().stream()
                .map(series -> metric + " `" + series.getKey() + "`" + (series.getValue() == 1 ? "" : " too often"))
                .toList();
    }

    /** As the table has it. */
    String text() {
        String fate = isIn ? "in" : "out, " + alert;
        return fate + ", " + counted + (reached == (isIn ? 1 : 0) ? "" : ", backend reached " + reached + " times");
    }
}
