package io.staplegate.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.staplegate.identity.PresharedKeys;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a ClientHello gets over DTLS. */
final class DatagramTest {
    private static final Site EC = new Site("EC");
    private static final Site RSA = new Site("RSA");
    private static final byte[] KEY = new byte[16];

    private final Listening listening = new Listening(EC, RSA);

    @ParameterizedTest
    @MethodSource("suites")
    void everySuiteWorks(Suite suite) {
        listening.rsa = true;
        listening.keys = PresharedKeys.of(Map.of("meter", KEY));
        Device device = Device.dtls().suites(suite.code()).key("meter", KEY);
        HandshakeResult result = result(device);
        assertThat(result.suite()).isEqualTo(suite.name());
        assertThat(result.version()).isEqualTo("DTLSv1.2");
        assertThat(device.suite()).isEqualTo(suite.name());
    }

    private static Set<Suite> suites() {
        return Suite.ofDtls(true);
    }

    @Test
    void rsaIsThereOnlyWhereTheOperatorWantsIt() {
        Device device = Device.dtls().suites(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
        assertThat(device.connect(listening).result()).isNull();
        assertThat(device.alert).isEqualTo(AlertDescription.handshake_failure);
    }

    @Test
    void theShortTagOfCcm8IsForDevicesThatHaveNothingElse() {
        int weak = CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8;
        int ccm = CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM;
        int gcm = CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;
        int chacha = CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256;
        assertThat(suiteFor(weak)).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8");
        assertThat(suiteFor(weak, ccm)).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_128_CCM");
        assertThat(suiteFor(weak, ccm, gcm)).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        assertThat(suiteFor(weak, chacha)).isEqualTo("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
        assertThat(suiteFor(chacha, gcm)).isEqualTo("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
    }

    private String suiteFor(int... suites) {
        return result(Device.dtls().suites(suites)).suite();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "P-384", "Ed25519"})
    void everyKindOfKeyButRsaServes(String kind) {
        Device device = Device.dtls().groups(NamedGroup.x25519, NamedGroup.secp256r1, NamedGroup.secp384r1);
        assertThat(device.connect(new Listening(new Site(kind))).result()).isNotNull();
    }

    @Test
    void namesAreStrictWhereTheOperatorSaysSo() {
        listening.serve(true, EC);
        for (Device device : List.of(Device.dtls().serverName("elsewhere.example"), Device.dtls())) {
            assertThat(device.connect(listening).result()).isNull();
            assertThat(device.alert).isEqualTo(AlertDescription.unrecognized_name);
        }
        HandshakeResult result = result(Device.dtls().serverName("meter7.devices.example"));
        assertThat(result.serverName()).isEqualTo("meter7.devices.example");
    }

    /** For the metrics: the version is agreed on before anything else can fail. */
    @Test
    void aHandshakeThatFailsHasItsVersion() {
        ServerPeer peer =
                Device.dtls().schemes(SignatureScheme.rsa_pkcs1_sha256).connect(listening);
        assertThat(peer.alertSent()).isEqualTo(AlertDescription.handshake_failure);
        assertThat(peer.version()).isEqualTo("DTLSv1.2");
    }

    @Test
    void dtls10IsRefused() {
        Device device = Device.of(ProtocolVersion.DTLSv10);
        ServerPeer peer = device.connect(listening);
        assertThat(peer.result()).isNull();
        assertThat(device.alert).isEqualTo(AlertDescription.protocol_version);
        assertThat(peer.version()).isEqualTo("unknown");
    }

    @ParameterizedTest
    @ValueSource(bytes = {1, 2, 3, 4})
    void smallerFragmentsAreAgreedOn(byte length) {
        Device device =
                Device.dtls().asksV1().extension(TlsExtensionsUtils.EXT_max_fragment_length, new byte[] {length});
        Datagrams datagrams = device.datagrams(listening.overDtls(), () -> null);
        assertThat(datagrams.peer.result()).isNotNull();
        assertThat(device.staples()).hasSize(1);
        assertThat(datagrams.toDevice)
                .allSatisfy(datagram -> assertThat(datagram).hasSizeLessThan((256 << length) + 100));
    }

    @Test
    void theListenersRetransmissionTimerIsTheEngines() {
        assertThat(listening.overDtls().newPeer(() -> null).getHandshakeResendTimeMillis())
                .isEqualTo(1000);
    }

    @Test
    void aListenerMakesPeersOfItsOwnProtocolAlone() {
        assertThatThrownBy(() -> listening.overDtls().newPeer()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> listening.handshakes().newPeer(() -> null)).isInstanceOf(IllegalStateException.class);
    }

    private HandshakeResult result(Device device) {
        ServerPeer peer = device.connect(listening);
        return Objects.requireNonNull(
                peer.result(), () -> "no handshake: " + AlertDescription.getText((short) peer.alertSent()));
    }
}
