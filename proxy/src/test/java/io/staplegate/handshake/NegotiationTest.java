package io.staplegate.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which identity, suite, group and protocol a ClientHello gets. */
final class NegotiationTest {
    private static final Site EC = new Site("EC");
    private static final Site RSA = new Site("RSA");

    @ParameterizedTest
    @MethodSource("suitesOfTls")
    void everySuiteWorks(Suite suite) {
        boolean tls13 = !suite.name().contains("_WITH_");
        Device device = (tls13 ? Device.tls13() : Device.tls12()).suites(suite.code());
        ServerPeer peer = device.connect(new Listening(EC, RSA).handshakes());
        assertThat(result(peer).suite()).isEqualTo(suite.name());
        assertThat(result(peer).version()).isEqualTo(tls13 ? "TLSv1.3" : "TLSv1.2");
        assertThat(device.suite()).isEqualTo(suite.name());
    }

    private static Set<Suite> suitesOfTls() {
        return Suite.ofTls();
    }

    @Test
    void theProxyPrefersAesAndADeviceThatPrefersChaChaGetsIt() {
        int aes = CipherSuite.TLS_AES_128_GCM_SHA256;
        int aes256 = CipherSuite.TLS_AES_256_GCM_SHA384;
        int chacha = CipherSuite.TLS_CHACHA20_POLY1305_SHA256;
        assertThat(suiteFor(aes256, chacha, aes)).isEqualTo("TLS_AES_128_GCM_SHA256");
        assertThat(suiteFor(chacha, aes)).isEqualTo("TLS_CHACHA20_POLY1305_SHA256");
        assertThat(suiteFor(0xCAFE, chacha, aes)).isEqualTo("TLS_CHACHA20_POLY1305_SHA256");
    }

    private static String suiteFor(int... suites) {
        return result(Device.tls13().suites(suites).connect(new Listening(EC).handshakes()))
                .suite();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256,
                CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
                CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8
            })
    void oldSuitesAreRefused(int suite) {
        Device device = Device.tls12().suites(suite);
        assertThat(device.connect(new Listening(EC, RSA).handshakes()).result()).isNull();
        assertThat(device.alert).isEqualTo(AlertDescription.handshake_failure);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "P-384", "RSA", "Ed25519"})
    void everyKindOfKeyServesBothVersions(String kind) {
        Listening listening = new Listening(new Site(kind));
        for (Device device : List.of(Device.tls13(), Device.tls12())) {
            device.groups(NamedGroup.x25519, NamedGroup.secp256r1, NamedGroup.secp384r1);
            result(device.connect(listening.handshakes()));
        }
    }

    @Test
    void tls13SignsWithTheHashOfTheCurve() {
        Device device = Device.tls13().schemes(SignatureScheme.ecdsa_secp256r1_sha256);
        assertThat(device.connect(new Listening(new Site("P-384")).handshakes()).result())
                .isNull();
        assertThat(device.alert).isEqualTo(AlertDescription.handshake_failure);
    }

    @Test
    void rsaSignsWithPssOrPkcs1AsTheDevicePrefersInTls12AndWithPssAloneInTls13() {
        Listening listening = new Listening(RSA);
        for (int scheme : new int[] {
            SignatureScheme.rsa_pss_rsae_sha256,
            SignatureScheme.rsa_pss_rsae_sha384,
            SignatureScheme.rsa_pss_rsae_sha512,
            SignatureScheme.rsa_pkcs1_sha256,
            SignatureScheme.rsa_pkcs1_sha384,
            SignatureScheme.rsa_pkcs1_sha512
        }) {
            result(Device.tls12().schemes(scheme).connect(listening.handshakes()));
        }
        Device device = Device.tls13().schemes(SignatureScheme.rsa_pkcs1_sha256);
        assertThat(device.connect(listening.handshakes()).result()).isNull();
    }

    @Test
    void sha1SignaturesAreNotMade() {
        for (Device device : List.of(
                Device.tls12().schemes(SignatureScheme.rsa_pkcs1_sha1, SignatureScheme.ecdsa_sha1),
                Device.tls12().tweak(extensions -> extensions.remove(TlsExtensionsUtils.EXT_signature_algorithms)))) {
            assertThat(device.connect(new Listening(EC, RSA).handshakes()).result())
                    .isNull();
            assertThat(device.alert).isEqualTo(AlertDescription.handshake_failure);
        }
    }

    @Test
    void ofSeveralIdentitiesOnOneNameTheOneThatTheDeviceCanUseIsChosen() {
        Listening listening = new Listening(RSA, EC);
        Device modern = Device.tls12();
        modern.connect(listening.handshakes());
        assertThat(modern.suite()).contains("ECDSA");

        Device rsaOnly = Device.tls12().schemes(SignatureScheme.rsa_pkcs1_sha256);
        rsaOnly.connect(listening.handshakes());
        assertThat(rsaOnly.suite()).contains("RSA");

        Device withoutTheCurve = Device.tls12().groups(NamedGroup.x25519);
        withoutTheCurve.connect(listening.handshakes());
        assertThat(withoutTheCurve.suite()).contains("RSA");

        Device withoutTheSuite = Device.tls12().suites(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
        withoutTheSuite.connect(listening.handshakes());
        assertThat(withoutTheSuite.suite()).contains("RSA");
    }

    @Test
    void aServerNameThatNobodyHasGetsTheFirstIdentityUnlessNamesAreStrict() {
        Listening listening = new Listening(EC);
        ServerPeer peer = Device.tls13().serverName("elsewhere.example").connect(listening.handshakes());
        assertThat(result(peer).serverName()).isEqualTo("elsewhere.example");

        listening.serve(true, EC);
        for (Device device : List.of(Device.tls13().serverName("elsewhere.example"), Device.tls12())) {
            assertThat(device.connect(listening.handshakes()).result()).isNull();
            assertThat(device.alert).isEqualTo(AlertDescription.unrecognized_name);
        }
        result(Device.tls13().serverName("meter7.devices.example").connect(listening.handshakes()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "..", "\u00ff\u00fe", "a b", "-", "*.devices.example", "localhost\0.example"})
    void aStrangeServerNameIsJustOneThatNobodyHas(String name) {
        result(Device.tls13().serverName(name).connect(new Listening(EC).handshakes()));
    }

    @Test
    void aBetterGroupIsNotWorthAnotherRoundTrip() {
        Device device =
                Device.tls13().groups(NamedGroup.x25519, NamedGroup.secp256r1).shares(NamedGroup.x25519);
        device.connect(new Listening(EC).handshakes());
        assertThat(device.group()).isEqualTo(NamedGroup.x25519);
    }

    @Test
    void ofTwoSharesTheCheaperGroupIsTaken() {
        Device device = Device.tls13().groups(NamedGroup.x25519, NamedGroup.secp256r1);
        device.connect(new Listening(EC).handshakes());
        assertThat(device.group()).isEqualTo(NamedGroup.secp256r1);
    }

    @Test
    void aDeviceWithoutAUsefulShareIsAskedForOne() {
        Device device = Device.tls13()
                .groups(NamedGroup.secp521r1, NamedGroup.secp384r1)
                .shares(NamedGroup.secp521r1);
        result(device.connect(new Listening(EC).handshakes()));
        assertThat(device.group()).isEqualTo(NamedGroup.secp384r1);
    }

    @Test
    void withoutAGroupInCommonThereIsNoHandshake() {
        for (Device device : List.of(
                Device.tls13().groups(NamedGroup.secp521r1), Device.tls12().groups(NamedGroup.secp521r1))) {
            assertThat(device.connect(new Listening(RSA).handshakes()).result()).isNull();
            assertThat(device.alert).isEqualTo(AlertDescription.handshake_failure);
        }
    }

    @Test
    void theProxysFirstApplicationProtocolWins() {
        Listening listening = new Listening(EC);
        listening.alpn = List.of("mqtt", "x-other");
        ServerPeer peer = alpn(Device.tls13(), "x-other", "mqtt").connect(listening.handshakes());
        assertThat(result(peer).alpn()).isEqualTo("mqtt");
        assertThat(result(Device.tls12().connect(listening.handshakes())).alpn())
                .isNull();
    }

    @Test
    void withoutAnApplicationProtocolInCommonThereIsNoHandshake() {
        Listening listening = new Listening(EC);
        assertThat(result(alpn(Device.tls13(), "h2").connect(listening.handshakes()))
                        .alpn())
                .isNull();
        listening.alpn = List.of("mqtt");
        Device device = alpn(Device.tls13(), "h2");
        assertThat(device.connect(listening.handshakes()).result()).isNull();
        assertThat(device.alert).isEqualTo(AlertDescription.no_application_protocol);
    }

    private static Device alpn(Device device, String... names) {
        StringBuilder list = new StringBuilder();
        for (String name : names) {
            list.append((char) name.length()).append(name);
        }
        String data = "\0" + (char) list.length() + list;
        return device.extension(
                TlsExtensionsUtils.EXT_application_layer_protocol_negotiation,
                data.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aDeviceThatKnowsNoSecureRenegotiationIsServed() {
        ServerPeer peer = new Listening(EC).handshakes().newPeer();
        assertThatCode(() -> peer.notifySecureRenegotiation(false)).doesNotThrowAnyException();
    }

    @Test
    void aDeviceThatKnowsNoExtendedMasterSecretIsServedAndNotResumed() {
        Device device = Device.tls12().withoutExtendedMasterSecret();
        result(device.connect(new Listening(EC).handshakes()));
        assertThat(device.session()).isNull();
    }

    @ParameterizedTest
    @ValueSource(bytes = {1, 2, 3, 4})
    void smallerFragmentsAreAgreedOn(byte length) {
        for (Device device : List.of(Device.tls13(), Device.tls12())) {
            result(device.asksV1()
                    .extension(TlsExtensionsUtils.EXT_max_fragment_length, new byte[] {length})
                    .connect(new Listening(EC).handshakes()));
            assertThat(device.staples()).isNotEmpty();
        }
    }

    private static HandshakeResult result(ServerPeer peer) {
        return Objects.requireNonNull(
                peer.result(), () -> "no handshake: " + AlertDescription.getText((short) peer.alertSent()));
    }
}
