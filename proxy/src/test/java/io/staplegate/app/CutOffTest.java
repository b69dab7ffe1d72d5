package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.app.MutualDevice.Protocol;
import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.testing.DeviceAuthority.Holder;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Devices that are in, and turn out to be revoked or denied: over each protocol they are told, and do not return. */
class CutOffTest {
    private static final Duration BUDGET = Duration.ofSeconds(10);

    /** The promise to the operator who writes a device down; a machine that is busy with tests gets three tries. */
    private static final Duration PROMPTLY = Duration.ofSeconds(1);

    private static final int TRIES = 3;

    /** Refreshes begin within a quarter of it behind half-life. */
    private static final Duration UNTIL_REFRESH =
            DeviceScene.VALIDITY.multipliedBy(5).dividedBy(8);

    private static final String CUT_OFF = "staplegate_devices_cut_off_total";

    @TempDir
    private static Path folder;

    private static DeviceScene scene;

    @BeforeAll
    static void open() throws Exception {
        scene = new DeviceScene(folder, BUDGET);
    }

    @AfterAll
    static void close() throws IOException {
        scene.close();
    }

    @ParameterizedTest
    @EnumSource
    void whomAResponderRevokesIsCutOffAtTheNextLook(Protocol protocol) throws IOException {
        Holder device = scene.device("revoked", scene.responder());
        Holder other = scene.device("other", scene.responder());

        Duration took = cutOff(protocol, device, other, "certificate_revoked", () -> {
            scene.book().revoke(leaf(device));
            scene.move(UNTIL_REFRESH);
        });

        print("OCSP", protocol, took);
    }

    @ParameterizedTest
    @EnumSource
    void whomANewListRevokesIsCutOffAtTheNextLook(Protocol protocol) throws IOException {
        String path = "/" + protocol;
        scene.publish(path, scene.list());
        Holder device = scene.device("listed", path);
        Holder other = scene.device("unlisted", path);

        Duration took = cutOff(protocol, device, other, "certificate_revoked", () -> {
            Duration half = DeviceScene.VALIDITY.dividedBy(2);
            scene.publish(
                    path, scene.list(scene.now().plus(half)).revoke(leaf(device).getSerialNumber()));
            scene.move(UNTIL_REFRESH);
        });

        print("CRL", protocol, took);
    }

    @ParameterizedTest
    @EnumSource
    void whoIsWrittenDownIsCutOffWithinASecond(Protocol protocol) throws IOException {
        Duration fastest = BUDGET;
        for (int i = 0; i < TRIES && fastest.compareTo(PROMPTLY) >= 0; i++) {
            Holder device = scene.device("denied-" + i, scene.responder());
            Holder other = scene.device("other", scene.responder());
            String line =
                    "serial:%x issuer:CN=Devices CA%n".formatted(leaf(device).getSerialNumber());

            Duration took = cutOff(protocol, device, other, "access_denied", () -> scene.deny(line));

            fastest = took.compareTo(fastest) < 0 ? took : fastest;
        }
        print("deny list", protocol, fastest);
        assertThat(fastest).isLessThan(PROMPTLY);
    }

    private interface Act {
        void run() throws IOException;
    }

    /** Lets two devices in, one of which must leave by what the operator or the CA does. Returns how long that took. */
    private static Duration cutOff(Protocol protocol, Holder device, Holder other, String farewell, Act act)
            throws IOException {
        int port = scene.door(Policy.HARD, protocol).port();
        boolean resumes = protocol != Protocol.TLS13; // to be resumed takes tickets there, which the engine has none of
        try (MutualDevice leaving = scene.connect(Policy.HARD, protocol, device);
                MutualDevice staying = scene.connect(Policy.HARD, protocol, other)) {
            assertThat(leaving.echo("hello")).isEqualTo("hello");
            assertThat(staying.echo("hello")).isEqualTo("hello");
            try (MutualDevice again = leaving.again(port)) {
                assertThat(again.echo("again")).isEqualTo("again");
                assertThat(again.isResumed()).isEqualTo(resumes);
            }
            double before = cutOffs(protocol);

            act.run();
            long begin = System.nanoTime();
            assertThat(leaving.alert()).isEqualTo(farewell);
            Duration took = Duration.ofNanos(System.nanoTime() - begin);

            assertThat(cutOffs(protocol) - before).isEqualTo(1);
            assertThat(staying.echo("still here")).isEqualTo("still here");
            try (MutualDevice again = leaving.again(port)) {
                assertThat(again.isConnected()).isTrue();
                assertThat(again.isResumed()).isFalse();
                assertThat(again.echo("let me in")).isEmpty();
                assertThat(again.alert()).isEqualTo(farewell);
            }
            try (MutualDevice again = staying.again(port)) {
                assertThat(again.echo("again")).isEqualTo("again");
                assertThat(again.isResumed()).isEqualTo(resumes);
            }
            return took;
        }
    }

    private static double cutOffs(Protocol protocol) {
        return scene.counts(scene.door(Policy.HARD, protocol), CUT_OFF, "listener").by().values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    private static X509Certificate leaf(Holder device) {
        return device.chain().getFirst();
    }

    private static void print(String by, Protocol protocol, Duration took) {
        System.out.printf("%s, %s: cut off after %d ms%n", by, protocol.title(), took.toMillis());
    }
}
