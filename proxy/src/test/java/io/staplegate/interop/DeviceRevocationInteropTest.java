package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.demo.Authority;
import io.staplegate.demo.IssuedCrl;
import io.staplegate.testing.DeviceAuthority;
import io.staplegate.testing.DeviceAuthority.Holder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tls.AlertDescription;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The stacks that devices have, before a listener that checks them by policy {@code hard}, behind their handshake. */
@ParameterizedClass
@EnumSource
class DeviceRevocationInteropTest {
    private static final DeviceAuthority ROOT = DeviceAuthority.root("Devices");

    @TempDir
    static Path folder;

    @TempDir
    static Path workshop;

    private static Holder good;
    private static Holder revoked;
    private static Holder denied;
    private static MutualServer server;

    @Parameter
    MutualClient client = MutualClient.OPENSSL_TLS12;

    @BeforeAll
    static void start() throws Exception {
        good = device("good");
        revoked = device("revoked");
        denied = device("denied");
        Authority signer = Authority.of(ROOT.certificate(), ROOT.keys().getPrivate());
        IssuedCrl list = IssuedCrl.of(signer, Instant.now(), Duration.ofHours(12))
                .revoke(revoked.chain().getFirst().getSerialNumber());
        Files.write(folder.resolve("devices.crl"), list.encode());
        Files.writeString(folder.resolve("denied.txt"), "name:denied\n");
        server = MutualServer.startIn(
                folder, ROOT, "policy: hard, crlFiles: [devices.crl]", "devices: { denyList: denied.txt }\n");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void aDeviceThatIsOnNoListComesIn() throws Exception {
        double before = server.checked("good");
        client.comesIn(server, server.files("good", good), workshop);
        assertThat(server.checked("good")).isEqualTo(before + 1);
    }

    @Test
    void aDeviceThatIsRevokedIsToldSo() throws Exception {
        assertRefused("revoked", revoked, AlertDescription.certificate_revoked);
    }

    @Test
    void aDeviceOnTheDenyListIsToldSo() throws Exception {
        assertRefused("denied", denied, AlertDescription.access_denied);
    }

    private void assertRefused(String outcome, Holder device, short alert) throws Exception {
        double before = server.checked(outcome);
        client.isRefused(server, server.files(outcome, device), alert, workshop);
        await().atMost(5, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(server.checked(outcome)).isEqualTo(before + 1));
    }

    /** On P-256, by Bouncy Castle: GnuTLS does not read a key without its public half, as Java encodes them. */
    private static Holder device(String name) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
        generator.initialize(256);
        KeyPair keys = generator.generateKeyPair();
        return ROOT.device(name, draft -> draft.keys(keys));
    }
}
