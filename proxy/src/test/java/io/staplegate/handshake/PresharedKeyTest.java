package io.staplegate.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.identity.PresharedKeys;
import io.staplegate.telemetry.Telemetry.StapleKind;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.TlsSession;
import org.junit.jupiter.api.Test;

/** Devices with a pre-shared key (RFC 4279, RFC 5489) are served beside those that know certificates. */
final class PresharedKeyTest {
    private static final byte[] KEY = "sixteen bytes...".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER_KEY = "another sixteen.".getBytes(StandardCharsets.US_ASCII);
    private static final int PSK_CCM_8 = CipherSuite.TLS_PSK_WITH_AES_128_CCM_8;
    private static final int PSK_GCM = CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256;
    private static final int ECDHE_PSK_CCM_8 = CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256;
    private static final int ECDSA_CCM_8 = CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8;

    private final Site site = new Site("EC");
    private final Listening listening = new Listening(site);
    private final Handshakes handshakes;

    PresharedKeyTest() {
        listening.keys = PresharedKeys.of(Map.of("meter-7", KEY, "Zähler", OTHER_KEY));
        handshakes = listening.overDtls();
    }

    @Test
    void aDeviceIsKnownByItsIdentityAndGetsNoCertificateAndNoStaple() {
        Device device = meter(PSK_CCM_8).asksV1().asksV2(2);
        HandshakeResult result = result(device);
        assertThat(result.pskIdentity()).isEqualTo(bytes("meter-7"));
        assertThat(result.stapleKind()).isEqualTo(StapleKind.NOT_REQUESTED);
        assertThat(device.certificates).isNull();
        assertThat(device.acknowledged()).doesNotContain(5, 17);
    }

    @Test
    void anIdentityIsUtf8() {
        Device device = Device.dtls().suites(PSK_GCM).key("Zähler", OTHER_KEY);
        assertThat(result(device).pskIdentity()).isEqualTo(bytes("Zähler"));
    }

    @Test
    void anUnknownIdentityIsToldSo() {
        for (int suite : new int[] {PSK_CCM_8, ECDHE_PSK_CCM_8}) {
            Device device = Device.dtls().suites(suite).key("meter-8", KEY);
            assertThat(device.connect(handshakes).result()).isNull();
            assertThat(device.alert).isEqualTo(AlertDescription.unknown_psk_identity);
        }
    }

    @Test
    void withoutKeysNoSuiteOfTheirsIsThere() {
        listening.keys = PresharedKeys.NONE;
        Device device = meter(PSK_CCM_8, ECDHE_PSK_CCM_8);
        assertThat(device.connect(handshakes).result()).isNull();
        assertThat(device.alert).isEqualTo(AlertDescription.handshake_failure);
    }

    @Test
    void tlsHasNone() {
        Device device = Device.tls12().suites(PSK_GCM).key("meter-7", KEY);
        assertThat(device.connect(listening).result()).isNull();
        assertThat(device.alert).isEqualTo(AlertDescription.handshake_failure);
    }

    @Test
    void aDeviceThatKnowsCertificatesToGetsOne() {
        Device device = meter(PSK_GCM, ECDHE_PSK_CCM_8, ECDSA_CCM_8).asksV1();
        HandshakeResult result = result(device);
        assertThat(result.suite()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8");
        assertThat(result.pskIdentity()).isNull();
        assertThat(device.staples()).hasSize(1);
    }

    @Test
    void whereNoCertificateFitsTheKeyServes() {
        Device device = meter(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, PSK_CCM_8);
        assertThat(result(device).suite()).isEqualTo("TLS_PSK_WITH_AES_128_CCM_8");
    }

    /** A key is no matter of names, strict as they may be; that is what certificates are chosen by. */
    @Test
    void aServerNameThatNobodyHasIsNoMatterToAKey() {
        listening.serve(true, site);
        HandshakeResult result = result(meter(PSK_CCM_8, ECDSA_CCM_8).serverName("elsewhere.example"));
        assertThat(result.suite()).isEqualTo("TLS_PSK_WITH_AES_128_CCM_8");
        assertThat(result.serverName()).isEqualTo("elsewhere.example");
    }

    @Test
    void forwardSecrecyGoesFirstWhereThereIsAGroupInCommon() {
        assertThat(result(meter(PSK_GCM, ECDHE_PSK_CCM_8)).suite())
                .isEqualTo("TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256");
        assertThat(result(meter(ECDHE_PSK_CCM_8, PSK_CCM_8, PSK_GCM).groups(NamedGroup.secp521r1))
                        .suite())
                .isEqualTo("TLS_PSK_WITH_AES_128_GCM_SHA256");
    }

    /** The smallest devices send none; the engine then says nothing of extensions. */
    @Test
    void aClientHelloWithoutExtensionsIsServed() {
        Device device = meter(PSK_CCM_8).withoutExtendedMasterSecret().tweak(Map::clear);
        assertThat(result(device).pskIdentity()).isEqualTo(bytes("meter-7"));
        assertThat(device.session()).isNull();
    }

    @Test
    void aSessionIsResumedForAsLongAsTheKeyIsTheSame() {
        TlsSession session = session();
        Device again = meter(PSK_CCM_8).resumes(session);
        HandshakeResult result = result(again);
        assertThat(result.resumed()).isTrue();
        assertThat(result.pskIdentity()).isEqualTo(bytes("meter-7"));

        listening.keys = PresharedKeys.of(Map.of("meter-7", KEY));
        assertThat(result(meter(PSK_CCM_8).resumes(session)).resumed()).isTrue();
    }

    @Test
    void aSessionEndsWithTheKeyOfItsDevice() {
        TlsSession session = session();
        listening.keys = PresharedKeys.of(Map.of("meter-7", OTHER_KEY));
        Device changed = Device.dtls().suites(PSK_CCM_8).key("meter-7", OTHER_KEY);
        assertThat(result(changed.resumes(session)).resumed()).isFalse();

        listening.keys = PresharedKeys.of(Map.of("meter-8", KEY));
        Device removed = meter(PSK_CCM_8).resumes(session);
        assertThat(removed.connect(handshakes).result()).isNull();
        assertThat(removed.alert).isEqualTo(AlertDescription.unknown_psk_identity);
    }

    @Test
    void aSessionOfAKeyIsNoneOfACertificate() {
        TlsSession session = session();
        Device moved = meter(PSK_CCM_8, ECDSA_CCM_8).resumes(session);
        HandshakeResult result = result(moved);
        assertThat(result.resumed()).isFalse();
        assertThat(result.suite()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8");
    }

    private static Device meter(int... suites) {
        return Device.dtls().suites(suites).key("meter-7", KEY);
    }

    private TlsSession session() {
        Device first = meter(PSK_CCM_8);
        assertThat(result(first).resumed()).isFalse();
        return Objects.requireNonNull(first.session());
    }

    private HandshakeResult result(Device device) {
        ServerPeer peer = device.connect(handshakes);
        return Objects.requireNonNull(
                peer.result(), () -> "no handshake: " + AlertDescription.getText((short) peer.alertSent()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
