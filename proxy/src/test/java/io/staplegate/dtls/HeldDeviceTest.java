package io.staplegate.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.ClientAuthConfig.Mode;
import io.staplegate.config.ClientAuthConfig.Naming;
import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.device.Gate;
import io.staplegate.device.Judgement;
import io.staplegate.handshake.DeviceCredentials;
import io.staplegate.handshake.Site;
import io.staplegate.identity.DevicePath;
import io.staplegate.identity.DeviceTrust;
import io.staplegate.telemetry.DatagramDrop;
import io.staplegate.telemetry.DeviceCheck;
import io.staplegate.testing.ClientAuth;
import io.staplegate.testing.DeviceAuthority;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Devices that have shaken hands, and wait for what is known of their certificates. */
@Timeout(30)
final class HeldDeviceTest {
    private static final Site SITE = new Site("EC");

    private final DeviceAuthority root = DeviceAuthority.root("Devices");
    private final DeviceTrust trust =
            DeviceTrust.of(ClientAuth.of(Mode.REQUIRE, Naming.CN, Policy.SOFT), List.of(root.certificate()), List.of());
    private final CompletableFuture<Judgement> verdict = new CompletableFuture<>();
    private final CompletableFuture<DevicePath> left = new CompletableFuture<>();

    /** Judges when the test does. */
    private final Gate gate = new Gate() {
        @Override
        public CompletableFuture<Judgement> judge(DevicePath path) {
            return verdict;
        }

        @Override
        public Stay enter(DevicePath path, Consumer<Judgement> leave) {
            return () -> left.complete(path);
        }
    };

    /** It is not the device that is silent. */
    @Test
    void nobodyElseTakesThePlaceOfADeviceThatWaitsForItsVerdict() throws Exception {
        Duration retransmit = Duration.ofMillis(50);
        try (DtlsServer server = new DtlsServer(SITE)
                        .loops(1)
                        .handshakes(1, 100)
                        .retransmit(retransmit)
                        .handshakeTimeout(Duration.ofSeconds(1))
                        .authenticating(trust, gate)
                        .open();
                DtlsDevice device = connect(server)) {
            assertThat(device.receive((int) retransmit.multipliedBy(4).toMillis()))
                    .isNull();
            try (Line _ = DtlsDevice.halfOpen(SITE, new Line(server.address()))) {
                await().until(() -> server.dropped(DatagramDrop.HANDSHAKE_LIMIT) > 0);
            }
            device.send("early");
            assertThat(device.receive(1_200)).isNull(); // past the time that a handshake has
            assertThat(server.pending()).isEqualTo(1);

            verdict.complete(new Judgement(DeviceCheck.GOOD, true));

            assertThat(device.receive(5_000)).isEqualTo("early");
            assertThat(device.ask("late")).isEqualTo("late");
            device.leave();
            assertThat(left.get().name()).isEqualTo("meter");
        }
    }

    private DtlsDevice connect(DtlsServer server) throws Exception {
        DeviceCredentials credentials = new DeviceCredentials(root.device("meter"));
        return new DtlsDevice(server.site(), new Line(server.address()), true, credentials);
    }
}
