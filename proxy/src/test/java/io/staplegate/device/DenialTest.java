package io.staplegate.device;

import static io.staplegate.device.Site.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.device.Entrance.Terms;
import io.staplegate.identity.DevicePath;
import io.staplegate.identity.Fingerprint;
import io.staplegate.relay.SessionSignal;
import io.staplegate.telemetry.DeviceCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operator's own list does to devices, those that come and those that are in. */
class DenialTest {
    /** The promise is a second; a machine that is busy with other tests gets more. */
    private static final Duration PROMPTLY = Duration.ofSeconds(3);

    private static final Terms OFF = Terms.SOFT.policy(Policy.OFF);

    private Site site;
    private DevicePath device;
    private DevicePath other;
    private Path file;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        site = new Site(directory);
        device = site.path("thermostat");
        other = site.path("other");
        file = directory.resolve("denied.txt");
        Files.writeString(file, "# nobody yet\n");
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void whoIsOnItIsKeptOutWhateverThePolicy() throws IOException {
        Files.writeString(file, "name:thermostat\n");
        try (Entrance entrance = new Entrance(site, OFF, file)) {
            Judgement judgement = await(entrance.gate.judge(device));

            assertThat(judgement).isEqualTo(new Judgement(DeviceCheck.DENIED, false));
            assertThat(judgement.farewell()).isEqualTo(SessionSignal.DENIED);
            assertThat(entrance.judge(other)).isEqualTo(DeviceCheck.NOT_CHECKED);
            assertThat(entrance.view(device).source()).isEqualTo("deny_list");
        }
        assertThat(site.responder.seen()).isEmpty();
    }

    @Test
    void aDeviceIsOutPromptlyWhenItIsWrittenDown() throws Exception {
        try (Entrance entrance = new Entrance(site, Terms.SOFT, file)) {
            entrance.judge(device);
            entrance.judge(other);
            entrance.gate.enter(device, _ -> {
                throw new IllegalStateException("a session that cannot be ended harms no other");
            });
            CompletableFuture<DeviceCheck> leave = entrance.enter(device);
            CompletableFuture<DeviceCheck> stays = entrance.enter(other);

            Files.writeString(file, "sha256:" + Fingerprint.of(device.leaf()) + "\n");

            assertThat(leave.get(PROMPTLY.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo(DeviceCheck.DENIED);
            assertThat(stays).isNotDone();
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.DENIED);
            assertThat(entrance.count("staplegate_devices_cut_off_total", "")).isEqualTo(2);
        }
    }

    @Test
    void aNumberOfACaIsEnoughAndTheFileMayBeReplaced() throws Exception {
        try (Entrance entrance = new Entrance(site, OFF, file)) {
            CompletableFuture<DeviceCheck> leave = entrance.enter(device);
            Path next = file.resolveSibling("next.txt");
            Files.writeString(
                    next, "serial:" + device.leaf().getSerialNumber().toString(16) + " issuer:cn=devices ca\n");

            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);

            assertThat(await(leave)).isEqualTo(DeviceCheck.DENIED);
            assertThat(entrance.judge(other)).isEqualTo(DeviceCheck.NOT_CHECKED);
        }
    }

    @Test
    void aFileThatIsWrongOrGoneKeepsOutWhoWasKeptOut() throws Exception {
        Files.writeString(file, "name:thermostat\n");
        try (Entrance entrance = new Entrance(site, OFF, file)) {
            CompletableFuture<DeviceCheck> leave = entrance.enter(other);

            Files.writeString(file, "thermostat\n");
            Files.delete(file);
            Files.writeString(file, "name:thermostat\nname:other\n");

            assertThat(await(leave)).isEqualTo(DeviceCheck.DENIED);
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.DENIED);
        }
    }

    @Test
    void whoIsTakenOffItMayComeAgain() throws Exception {
        Files.writeString(file, "name:thermostat\nname:other\n");
        try (Entrance entrance = new Entrance(site, OFF, file)) {
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.DENIED);
            CompletableFuture<Boolean> told = new CompletableFuture<>();
            entrance.checks.onExpulsion(whose -> told.complete(whose.test(other) && !whose.test(device)));

            Files.writeString(file, "name:other\n");

            assertThat(await(told)).isTrue();
            assertThat(entrance.judge(device)).isEqualTo(DeviceCheck.NOT_CHECKED);
        }
    }
}
