package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.app.MutualDevice.Protocol;
import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.DeviceAuthority.Holder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices that wait behind a DTLS handshake for their verdict, while others come. */
class HeldDevicesTest {
    private static final int OTHERS = 4;

    /** It is silent for much longer than two flights, as it has said all that it can. */
    @Test
    void whoWaitsForItsVerdictGivesWayToNobody(@TempDir Path folder) throws Exception {
        try (DeviceScene scene = new DeviceScene(
                        folder, Duration.ofSeconds(3), "dtls: { maxHandshakes: 1, retransmit: 100ms }");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            scene.responder().behave(Behaviour.silent());
            try (MutualDevice first = scene.connect(Policy.SOFT, Protocol.DTLS, device(scene, "first"))) {
                List<Future<?>> others = new ArrayList<>();
                for (int i = 0; i < OTHERS; i++) {
                    Holder other = device(scene, "other-" + i);
                    others.add(threads.submit(() -> {
                        scene.connect(Policy.SOFT, Protocol.DTLS, other).close();
                        return null;
                    }));
                }

                assertThat(first.echo("still here")).isEqualTo("still here");
                others.forEach(other -> other.cancel(true));
            }
        }
    }

    private static Holder device(DeviceScene scene, String name) throws Exception {
        return scene.device(name, scene.responder());
    }
}
