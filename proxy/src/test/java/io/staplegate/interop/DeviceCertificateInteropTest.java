package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.demo.Authority;
import io.staplegate.interop.MutualServer.DeviceFiles;
import io.staplegate.testing.DeviceAuthority;
import io.staplegate.testing.DeviceAuthority.Holder;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tls.AlertDescription;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The stacks that devices have show their certificates to a listener that requires one. */
@ParameterizedClass
@EnumSource
class DeviceCertificateInteropTest {
    private static final DeviceAuthority ROOT = DeviceAuthority.root("Devices");
    private static final DeviceAuthority PLANT = ROOT.subordinate("Plant");

    @TempDir
    static Path folder;

    @TempDir
    static Path workshop;

    private static MutualServer server;

    @Parameter
    MutualClient client = MutualClient.OPENSSL_TLS12;

    /** What is wrong with a device, what the proxy calls it, and the alert for it. */
    enum Wrong {
        OTHER_CA(
                "unknown_ca",
                AlertDescription.unknown_ca,
                keys -> DeviceAuthority.root("Devices")
                        .device("meter", draft -> draft.keys(keys))), // of that name: GnuTLS chooses by it
        EXPIRED(
                "expired",
                AlertDescription.certificate_expired,
                keys -> PLANT.device(
                        "meter", draft -> draft.keys(keys).valid(Duration.ofDays(-5), Duration.ofDays(-1)))),
        FOR_SERVERS(
                "wrong_usage",
                AlertDescription.unsupported_certificate,
                keys -> PLANT.device("meter", draft -> draft.keys(keys).purposes(KeyPurposeId.id_kp_serverAuth))),
        NO_CERTIFICATE("no_certificate", AlertDescription.handshake_failure, null);

        private final String reason;
        private final int alert;

        @SuppressWarnings("ImmutableEnumChecker") // a lambda that captures nothing
        private final @Nullable Function<KeyPair, Holder> device;

        Wrong(String reason, short alert, @Nullable Function<KeyPair, Holder> device) {
            this.reason = reason;
            this.alert = alert;
            this.device = device;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        server = MutualServer.startIn(folder, ROOT);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void aDeviceOfTheCaComesIn() throws Exception {
        KeyPair keys = keys();
        client.comesIn(server, server.files("good", PLANT.device("meter", draft -> draft.keys(keys))), workshop);
    }

    @Test
    void aDeviceWithAnRsaKeyComesIn() throws Exception {
        KeyPair keys = Authority.newKeys("RSA");
        client.comesIn(server, server.files("rsa", PLANT.device("meter", draft -> draft.keys(keys))), workshop);
    }

    @Test
    void aDeviceWithAnEd25519KeyComesIn() throws Exception {
        KeyPair keys = Authority.newKeys("Ed25519");
        client.comesIn(server, server.files("ed25519", PLANT.device("meter", draft -> draft.keys(keys))), workshop);
    }

    @ParameterizedTest
    @EnumSource
    void anyOtherIsRefusedAndTheProxyCountsWhy(Wrong wrong) throws Exception {
        DeviceFiles files = wrong.device == null ? null : server.files(wrong.name(), wrong.device.apply(keys()));
        boolean hasOwnAlert = wrong == Wrong.NO_CERTIFICATE && client.speaksTls13();
        double before = server.refused(wrong.reason);
        client.isRefused(server, files, hasOwnAlert ? AlertDescription.certificate_required : wrong.alert, workshop);
        await().atMost(5, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(server.refused(wrong.reason)).isEqualTo(before + 1));
    }

    /** On P-256, by Bouncy Castle: GnuTLS does not read a key without its public half, as Java encodes them. */
    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
        generator.initialize(256);
        return generator.generateKeyPair();
    }
}
