package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.app.MutualDevice.Protocol;
import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.DeviceAuthority.Holder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Devices whose responder takes their questions and says nothing: between their handshake and their backend. */
class SilentResponderTest {
    private static final Duration BUDGET = Duration.ofMillis(2_500);
    private static final String CHECKS = "staplegate_device_checks_total";
    private static final String SENT = "sent while nobody knows";

    private DeviceScene scene;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        scene = new DeviceScene(folder, BUDGET);
        scene.responder().behave(Behaviour.silent());
    }

    @AfterEach
    void close() throws IOException {
        scene.close();
    }

    @ParameterizedTest
    @EnumSource
    void softLetsADeviceInAtTheEndOfTheBudgetWithAllThatItSentAndHardRefusesIt(Protocol protocol) throws IOException {
        Door softDoor = scene.door(Policy.SOFT, protocol);
        Door hardDoor = scene.door(Policy.HARD, protocol);
        Holder device = scene.device("soft", scene.responder());
        long begin = System.nanoTime();
        try (MutualDevice soft = scene.connect(Policy.SOFT, protocol, device);
                MutualDevice hard = scene.connect(Policy.HARD, protocol, scene.device("hard", scene.responder()))) {
            assertThat(soft.isConnected()).isTrue();
            assertThat(hard.isConnected()).isTrue();
            for (String word : SENT.splitWithDelimiters(" ", 0)) {
                soft.send(word);
            }
            hard.send(SENT);

            Duration left = BUDGET.minus(since(begin));
            await().during(left.dividedBy(2)).until(() -> softDoor.reached() + hardDoor.reached() == 0);
            assertThat(since(begin)).as("so far nothing was decided").isLessThan(BUDGET);

            assertThat(soft.receive(SENT.length())).isEqualTo(SENT);
            assertThat(since(begin)).isGreaterThanOrEqualTo(BUDGET);
            assertThat(hard.alert()).isEqualTo("certificate_unknown");
            assertThat(since(begin)).as("both waited at the same time").isLessThan(BUDGET.multipliedBy(2));
            assertThat(hardDoor.reached()).isZero();
            assertThat(checks(softDoor)).containsExactly("unavailable_allowed");
            assertThat(checks(hardDoor)).containsExactly("unavailable_refused");

            itIsCheckedOn(protocol, device, soft);
        }
    }

    /** Who was let in unchecked must leave when the responder has found its voice. */
    private void itIsCheckedOn(Protocol protocol, Holder device, MutualDevice soft) throws IOException {
        scene.book().revoke(device.chain().getFirst());
        scene.responder().comeBack();
        await().atMost(DeviceScene.TIMEOUT.multipliedBy(5)).until(() -> {
            scene.move(Duration.ofSeconds(10));
            return !scene.counts(scene.door(Policy.SOFT, protocol), "staplegate_devices_cut_off_total", "listener")
                    .by()
                    .isEmpty();
        });
        assertThat(soft.alert()).isEqualTo("certificate_revoked");
    }

    private Set<String> checks(Door door) {
        return scene.counts(door, CHECKS, "outcome").by().keySet();
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
