package io.staplegate.handshake;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.staplegate.config.ClientAuthConfig.Mode;
import io.staplegate.config.ClientAuthConfig.Naming;
import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.demo.Authority;
import io.staplegate.identity.DevicePath;
import io.staplegate.identity.DeviceTrust;
import io.staplegate.identity.PresharedKeys;
import io.staplegate.telemetry.PathFault;
import io.staplegate.testing.ClientAuth;
import io.staplegate.testing.DeviceAuthority;
import io.staplegate.testing.DeviceAuthority.Holder;
import io.staplegate.testing.DeviceFlaw;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DigitallySigned;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsClientProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices are asked for their certificates, and authenticated by them, over every protocol. */
@ParameterizedClass
@EnumSource
final class DeviceCertificateTest {
    enum Protocol {
        TLS12,
        TLS13,
        DTLS;

        Device device() {
            return Device.of(
                            switch (this) {
                                case TLS12 -> ProtocolVersion.TLSv12;
                                case TLS13 -> ProtocolVersion.TLSv13;
                                case DTLS -> ProtocolVersion.DTLSv12;
                            })
                    .serverName("localhost");
        }
    }

    @Parameter
    Protocol protocol = Protocol.TLS12;

    private final DeviceAuthority root = DeviceAuthority.root("Root");
    private final DeviceAuthority plant = root.subordinate("Plant");
    private final Listening listening = new Listening(new Site("EC"));

    DeviceCertificateTest() {
        trust(Mode.REQUIRE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "P-384", "P-521", "RSA", "Ed25519"})
    void aDeviceIsKnownByItsPath(String kind) {
        Holder meter = plant.device("meter", draft -> draft.keys(Authority.newKeys(kind)));
        HandshakeResult result = requireNonNull(connect(meter).result());
        DevicePath path = requireNonNull(result.device());
        assertThat(path.certificates())
                .containsExactly(meter.chain().getFirst(), plant.certificate(), root.certificate());
        assertThat(path.name()).isEqualTo("meter");
        assertThat(path.staple()).isNull();
        assertThat(result.resumed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void everyFlawEndsTheHandshakeWithItsAlert(DeviceFlaw flaw) {
        assertRefused(protocol.device().shows(flaw.device(root)), flaw.fault(), alert(flaw.fault()));
    }

    @Test
    void aDeviceMustHaveTheKeyOfItsCertificate() {
        DeviceCredentials stolen = new DeviceCredentials(plant.device("meter")).provenWith(Authority.newKeys("EC"));
        assertRefused(protocol.device().shows(stolen), PathFault.UNPROVEN, AlertDescription.decrypt_error);
    }

    /** With a scheme that was offered, and that the certificate's key has not. */
    @ParameterizedTest
    @ValueSource(strings = {"RSA", "Ed25519"})
    void aDeviceMustSignInAWayThatItsKeyCan(String kind) {
        DeviceCredentials confused = new DeviceCredentials(plant.device("meter")).provenWith(Authority.newKeys(kind));
        assertRefused(protocol.device().shows(confused), PathFault.UNPROVEN, AlertDescription.certificate_unknown);
    }

    /** Over DTLS the engine waits for it; {@code PlaintextGuardTest} has that. */
    @Test
    void aDeviceThatLeavesOutTheProofIsRefused() {
        assumeThat(protocol).isNotEqualTo(Protocol.DTLS);
        Device device = protocol.device().shows(plant.device("meter"));
        ServerPeer peer = new Streams(device, listening.handshakes(), new Unproven()).peer;
        assertThat(peer.result()).isNull();
        assertThat(peer.pathFault()).isEqualTo(PathFault.UNPROVEN);
        assertThat(device.alert).isEqualTo(AlertDescription.unexpected_message);
    }

    /** An engine that sends no CertificateVerify. */
    private static final class Unproven extends TlsClientProtocol {
        @Override
        protected void sendCertificateVerifyMessage(DigitallySigned proof) {}

        @Override
        protected void send13CertificateVerifyMessage(DigitallySigned proof) {}
    }

    @Test
    void whoSendsMoreCertificatesThanAnyPathHasIsRefused() {
        DeviceCredentials fifty = new DeviceCredentials(plant.device("meter")).repeated(50);
        assertRefused(protocol.device().shows(fifty), PathFault.PATH_TOO_LONG, AlertDescription.unknown_ca);
    }

    /** The engine takes no message of more than 32 KiB, of whatever it is. */
    @Test
    void aThousandCertificatesAreNotEvenRead() {
        Device device = protocol.device().shows(new DeviceCredentials(plant.device("meter")).repeated(1000));
        assertThat(device.connect(listening).result()).isNull();
    }

    /** RFC 7250: the extension is ignored, so a device that has a certificate, too, sends that. */
    @Test
    void aBareKeyIsNoCertificate() {
        Holder meter = plant.device("meter");
        Integer clientCertificateType = 19;
        byte[] keyOrCertificate = {2, 2, 0};
        Device able = protocol.device().shows(meter).extension(clientCertificateType, keyOrCertificate);
        assertThat(requireNonNull(able.connect(listening).result()).device()).isNotNull();
        DeviceCredentials key =
                new DeviceCredentials(meter).encodedAs(meter.keys().getPublic().getEncoded());
        Device bare = protocol.device().shows(key).extension(clientCertificateType, new byte[] {1, 2});
        assertRefused(bare, PathFault.MALFORMED, AlertDescription.decode_error);
    }

    @Test
    void whereACertificateIsRequiredNobodyComesInWithoutOne() {
        short alert =
                protocol == Protocol.TLS13 ? AlertDescription.certificate_required : AlertDescription.handshake_failure;
        assertRefused(protocol.device(), PathFault.NO_CERTIFICATE, alert);
    }

    @Test
    void whereOneIsRequestedADeviceComesInWithoutOneAndNotWithABadOne() {
        trust(Mode.REQUEST);
        ServerPeer peer = protocol.device().connect(listening);
        assertThat(requireNonNull(peer.result()).device()).isNull();
        assertRefused(
                protocol.device().shows(DeviceFlaw.UNKNOWN_CA.device(root)),
                PathFault.UNKNOWN_CA,
                AlertDescription.unknown_ca);
    }

    @Test
    void whereNoneIsAskedForNoneIsSent() {
        listening.trust = null;
        Device device = protocol.device().shows(plant.device("meter"));
        assertThat(requireNonNull(device.connect(listening).result()).device()).isNull();
        assertThat(device.asked).isNull();
    }

    @Test
    void whatIsAskedForIsWhatIsBelieved() {
        Device device = protocol.device().shows(plant.device("meter"));
        device.connect(listening);
        CertificateRequest asked = requireNonNull(device.asked);
        assertThat(List.<Object>copyOf(asked.getCertificateAuthorities())).containsExactly(new X500Name("CN=Root"));
        boolean tls13 = protocol == Protocol.TLS13;
        var pkcs1 = SignatureScheme.getSignatureAndHashAlgorithm(SignatureScheme.rsa_pkcs1_sha256);
        var ecdsa = SignatureScheme.getSignatureAndHashAlgorithm(SignatureScheme.ecdsa_secp256r1_sha256);
        assertThat(asked.getSupportedSignatureAlgorithms().contains(ecdsa)).isTrue();
        assertThat(asked.getSupportedSignatureAlgorithms().contains(pkcs1)).isEqualTo(!tls13);
        if (tls13) {
            assertThat(asked.getSupportedSignatureAlgorithmsCert().contains(pkcs1))
                    .isTrue();
        }
    }

    @Test
    void whatIsNoCertificateIsToldSo() throws GeneralSecurityException {
        Holder meter = plant.device("meter");
        byte[] der = meter.chain().getFirst().getEncoded();
        byte[] cut = Arrays.copyOf(der, der.length - 1);
        byte[] longer = Arrays.copyOf(der, der.length + 1);
        byte[] pem = "-----BEGIN CERTIFICATE-----".getBytes(StandardCharsets.US_ASCII);
        for (byte[] bytes : List.of(cut, longer, pem, new byte[] {0x30, 0}, new byte[] {1})) {
            DeviceCredentials damaged = new DeviceCredentials(meter).encodedAs(bytes);
            assertRefused(protocol.device().shows(damaged), PathFault.MALFORMED, AlertDescription.decode_error);
        }
    }

    /** TLS 1.3 has no signature for them, and Java does not know them all. */
    @ParameterizedTest
    @ValueSource(strings = {"secp192r1", "secp224r1", "secp256k1", "brainpoolP256r1"})
    void aKeyOnACurveThatTls13CannotSignWithIsRefused(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
        generator.initialize(new ECGenParameterSpec(curve));
        KeyPair odd = generator.generateKeyPair();
        Holder meter = plant.device("meter");
        X509Certificate certificate =
                plant.device("meter", draft -> draft.keys(odd)).chain().getFirst();
        DeviceCredentials credentials = new DeviceCredentials(meter).encodedAs(certificate.getEncoded());
        assertRefused(protocol.device().shows(credentials), PathFault.WEAK, AlertDescription.bad_certificate);
    }

    @Test
    void aStapleOfTheDevicesOwnIsHandedOn() {
        byte[] response = "a response".getBytes(StandardCharsets.US_ASCII);
        DeviceCredentials stapled = new DeviceCredentials(plant.device("meter")).stapled(response);
        ServerPeer peer = protocol.device().shows(stapled).connect(listening);
        DevicePath path = requireNonNull(requireNonNull(peer.result()).device());
        assertThat(path.staple()).isEqualTo(protocol == Protocol.TLS13 ? response : null);
    }

    @Test
    void whatADeviceIsAskedForIsDecidedAtEachHandshake() {
        Handshakes handshakes = listening.handshakes(protocol.device());
        Holder meter = plant.device("meter");
        assertThat(protocol.device().shows(meter).connect(handshakes).result()).isNotNull();
        listening.trust = DeviceTrust.of(
                ClientAuth.of(Mode.REQUIRE, Naming.CN, Policy.SOFT),
                List.of(DeviceAuthority.root("Next").certificate()),
                List.of());
        assertThat(protocol.device().shows(meter).connect(handshakes).pathFault())
                .isEqualTo(PathFault.UNKNOWN_CA);
    }

    @Test
    void aHandshakeRunsOffTheEventLoopWhereAPathIsToBeValidated() {
        assertThat(listening.handshakes(protocol.device()).mayBlock()).isTrue();
        listening.trust = null;
        assertThat(listening.handshakes(protocol.device()).mayBlock()).isFalse();
    }

    @Test
    void whoHasAPresharedKeyIsAskedForNoCertificate() {
        byte[] key = "sixteen bytes...".getBytes(StandardCharsets.US_ASCII);
        listening.keys = PresharedKeys.of(Map.of("meter-7", key));
        Device device =
                Device.dtls().suites(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8).key("meter-7", key);
        assertThat(requireNonNull(device.connect(listening).result()).device()).isNull();
        assertThat(device.asked).isNull();
    }

    private void trust(Mode mode) {
        listening.trust =
                DeviceTrust.of(ClientAuth.of(mode, Naming.CN, Policy.SOFT), List.of(root.certificate()), List.of());
    }

    private ServerPeer connect(Holder holder) {
        return protocol.device().shows(holder).connect(listening);
    }

    private void assertRefused(Device device, PathFault fault, short alert) {
        ServerPeer peer = device.connect(listening);
        assertThat(peer.result()).isNull();
        assertThat(peer.pathFault()).isEqualTo(fault);
        assertThat(AlertDescription.getText((short) peer.alertSent())).isEqualTo(AlertDescription.getText(alert));
        assertThat(device.alert).isEqualTo(alert);
    }

    private static short alert(PathFault fault) {
        return switch (fault) {
            case UNKNOWN_CA, NOT_A_CA, PATH_TOO_LONG -> AlertDescription.unknown_ca;
            case BAD_SIGNATURE -> AlertDescription.decrypt_error;
            case EXPIRED, NOT_YET_VALID -> AlertDescription.certificate_expired;
            case WRONG_USAGE -> AlertDescription.unsupported_certificate;
            case WEAK -> AlertDescription.bad_certificate;
            case NAME_CONSTRAINT, UNSUPPORTED -> AlertDescription.certificate_unknown;
            case NO_CERTIFICATE, MALFORMED, UNPROVEN -> throw new AssertionError(fault);
        };
    }
}
