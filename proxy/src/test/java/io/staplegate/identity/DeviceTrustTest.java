package io.staplegate.identity;

import static io.staplegate.testing.DeviceFlaw.below;
import static io.staplegate.testing.DeviceFlaw.dnsName;
import static io.staplegate.testing.DeviceFlaw.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.staplegate.config.ClientAuthConfig;
import io.staplegate.config.ClientAuthConfig.Mode;
import io.staplegate.config.ClientAuthConfig.Naming;
import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.demo.Authority;
import io.staplegate.telemetry.PathFault;
import io.staplegate.testing.ClientAuth;
import io.staplegate.testing.DeviceAuthority;
import io.staplegate.testing.DeviceAuthority.Holder;
import io.staplegate.testing.DeviceFlaw;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is believed, and why somebody is not. */
final class DeviceTrustTest {
    private final DeviceAuthority root = DeviceAuthority.root("Root");

    @ParameterizedTest
    @EnumSource
    void everyFlawHasItsName(DeviceFlaw flaw) {
        assertRefused(trust(root), flaw.device(root), flaw.fault());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void aPathHasUpToFiveCertificatesBelowTheAnchor(int intermediates) throws InvalidPathException {
        Holder device = below(root, intermediates).device("meter");

        DevicePath path = trust(root).validate(device.chain(), Instant.now());

        assertThat(path.leaf()).isEqualTo(device.chain().getFirst());
        assertThat(path.certificates()).hasSize(intermediates + 2).last().isEqualTo(root.certificate());
        assertThat(path.name()).isEqualTo("meter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "P-384", "RSA", "Ed25519"})
    void everyKindOfKeyIsBelieved(String kind) throws InvalidPathException {
        Holder device = root.device("meter", draft -> draft.keys(Authority.newKeys(kind)));
        assertThat(trust(root).validate(device.chain(), Instant.now()).certificates())
                .hasSize(2);
    }

    @Test
    void theOrderBehindTheDevicesOwnCertificateDoesNotMatter() throws InvalidPathException {
        Holder device = below(root, 4).device("meter");
        List<X509Certificate> shuffled = new ArrayList<>(device.chain());
        Collections.reverse(shuffled.subList(1, shuffled.size()));
        shuffled.add(DeviceAuthority.root("Noise").certificate());

        assertThat(trust(root).validate(shuffled, Instant.now()).certificates())
                .startsWith(device.chain().toArray(X509Certificate[]::new));
    }

    @Test
    void intermediatesThatADeviceLeavesOutComeFromTheConfigurationAndAreShared() throws InvalidPathException {
        DeviceAuthority plant = root.subordinate("Plant");
        DeviceTrust trust =
                DeviceTrust.of(config(Naming.CN), List.of(root.certificate()), List.of(plant.certificate()));

        DevicePath alone = trust.validate(plant.device("one").alone().chain(), Instant.now());
        DevicePath whole = trust.validate(plant.device("two").chain(), Instant.now());

        assertThat(alone.certificates().get(1)).isSameAs(plant.certificate());
        assertThat(whole.certificates().get(1)).isSameAs(plant.certificate());
        assertThat(whole.certificates().getLast()).isSameAs(root.certificate());
    }

    @Test
    void anIntermediateCanBeTheAnchor() throws InvalidPathException {
        DeviceAuthority plant = root.subordinate("Plant");
        assertThat(trust(plant)
                        .validate(plant.device("meter").chain(), Instant.now())
                        .certificates())
                .hasSize(2)
                .last()
                .isEqualTo(plant.certificate());
        assertRefused(trust(plant), root.device("meter"), PathFault.UNKNOWN_CA);
    }

    @Test
    void ofTwoAnchorsWithOneNameTheRightOneIsFound() throws InvalidPathException {
        DeviceAuthority renewed = DeviceAuthority.root("Root");
        DeviceTrust trust = trust(root, renewed);
        assertThat(trust.validate(root.device("old").chain(), Instant.now()).certificates())
                .hasSize(2);
        assertThat(trust.validate(renewed.device("new").chain(), Instant.now()).certificates())
                .hasSize(2);
    }

    @Test
    void whatAnAnchorConfinesItselfToCounts() {
        DeviceAuthority plant = root.subordinate(
                "Plant 1", draft -> draft.authority(0).with(Extension.nameConstraints, true, only("plant1.example")));
        Holder within = plant.device("meter", draft -> dnsName(draft, "meter.plant1.example"));
        Holder beyond = plant.device("meter", draft -> dnsName(draft, "meter.plant2.example"));

        assertThat(name(trust(plant), within)).isEqualTo("meter");
        assertRefused(trust(plant), beyond, PathFault.NAME_CONSTRAINT);
        assertRefused(trust(plant), plant.subordinate("More").device("meter"), PathFault.PATH_TOO_LONG);
    }

    @Test
    void anAnchorThatHasExpiredIsNone() {
        DeviceAuthority old =
                DeviceAuthority.root("Old", draft -> draft.valid(Duration.ofDays(-9), Duration.ofDays(-1)));
        assertRefused(trust(old, root), old.device("meter"), PathFault.EXPIRED);
        assertRefused(trust(old), old.device("meter"), PathFault.EXPIRED);
    }

    @Test
    void thePathEndsWithTheFirstOfItsCertificates() throws InvalidPathException {
        DeviceAuthority brief = root.subordinate("Brief", draft -> draft.valid(Duration.ZERO, Duration.ofDays(2)));
        DevicePath path = trust(root)
                .validate(brief.device("meter").chain(), Instant.now().plusSeconds(1));
        assertThat(path.end()).isEqualTo(brief.certificate().getNotAfter().toInstant());
    }

    @Test
    void usagesThatAreNotLimitedAreAnyUsage() {
        Holder unlimited = root.device(
                "meter", draft -> draft.without(Extension.extendedKeyUsage).without(Extension.keyUsage));
        Holder any = root.device("meter", draft -> draft.purposes(KeyPurposeId.anyExtendedKeyUsage));
        Holder both = root.device(
                "meter",
                draft -> draft.purposes(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth)
                        .usage(KeyUsage.digitalSignature | KeyUsage.keyAgreement));
        assertThat(List.of(unlimited, any, both))
                .allSatisfy(device -> assertThat(name(trust(root), device)).isEqualTo("meter"));
    }

    @Test
    void aFloodOfCertificatesIsNotSearched() {
        List<X509Certificate> flood = new ArrayList<>(root.device("meter").chain());
        IntStream.range(0, 10).forEach(i -> flood.add(root.certificate()));
        assertThatThrownBy(() -> trust(root).validate(flood, Instant.now()))
                .isInstanceOfSatisfying(
                        InvalidPathException.class,
                        refused -> assertThat(refused.fault()).isEqualTo(PathFault.PATH_TOO_LONG));
    }

    /** What makes the parser fail in its own way, the key identifiers' among them, is refused in ours. */
    @ParameterizedTest
    @ValueSource(strings = {"EC", "Ed25519"})
    void noAlteredCertificateIsMoreThanRefused(String kind) throws GeneralSecurityException {
        DeviceTrust trust = trust(root);
        byte[] der = root.device("meter", draft -> draft.keys(Authority.newKeys(kind)))
                .chain()
                .getFirst()
                .getEncoded();
        int start = new String(der, StandardCharsets.ISO_8859_1).indexOf("meter"); // behind it: key and extensions
        int end = der.length - 80; // the signature
        for (int i = start * 8; i < end * 8; i += 3) {
            byte[] altered = der.clone();
            altered[i / 8] ^= (byte) (1 << i % 8);
            X509Certificate certificate;
            try {
                certificate = (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(altered));
            } catch (CertificateException | RuntimeException e) {
                continue; // not even a certificate
            }
            assertThatThrownBy(() -> trust.validate(List.of(certificate), Instant.now()))
                    .as("bit %d", i)
                    .isInstanceOf(InvalidPathException.class);
        }
    }

    /** Two names and five keys of each make thousands of ways, all of which lead nowhere. */
    @Test
    void aMazeOfCertificatesIsLeftSoon() {
        List<X509Certificate> maze = new ArrayList<>();
        DeviceAuthority one = DeviceAuthority.root("One");
        maze.add(one.device("meter").chain().getFirst());
        for (int i = 0; i < 9; i++) {
            boolean even = i % 2 == 0;
            DeviceAuthority issuer = DeviceAuthority.root(even ? "Two" : "One");
            maze.add(issuer.subordinate(even ? "One" : "Two", draft -> draft.keys(one.keys()))
                    .certificate());
        }
        long begun = System.nanoTime();
        assertThatThrownBy(() -> trust(root).validate(maze, Instant.now())).isInstanceOf(InvalidPathException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void namesOfCasAreSentUpToAKilobyte() {
        assertThat(trust(root).authorities()).containsExactly(root.certificate().getSubjectX500Principal());
        DeviceAuthority[] many = IntStream.range(0, 60)
                .mapToObj(i -> DeviceAuthority.root("Authority " + i))
                .toArray(DeviceAuthority[]::new);
        assertThat(trust(many).authorities()).isEmpty();
    }

    @Test
    void theGenerationIsOfTheCasTheModeAndTheNaming() {
        DeviceAuthority plant = root.subordinate("Plant");
        List<X509Certificate> anchors = List.of(root.certificate());
        List<byte[]> generations = List.of(
                DeviceTrust.of(config(Naming.CN), anchors, List.of()).generation(),
                DeviceTrust.of(config(Naming.URI), anchors, List.of()).generation(),
                DeviceTrust.of(ClientAuth.of(Mode.REQUEST, Naming.CN, Policy.SOFT), anchors, List.of())
                        .generation(),
                DeviceTrust.of(config(Naming.CN), anchors, List.of(plant.certificate()))
                        .generation(),
                DeviceTrust.of(config(Naming.CN), List.of(root.certificate(), plant.certificate()), List.of())
                        .generation());
        assertThat(generations.stream().map(Arrays::toString)).doesNotHaveDuplicates();
        assertThat(DeviceTrust.of(config(Naming.CN), anchors, List.of()).generation())
                .isEqualTo(generations.getFirst());
    }

    private static DeviceTrust trust(DeviceAuthority... anchors) {
        return DeviceTrust.of(
                config(Naming.CN),
                Arrays.stream(anchors).map(DeviceAuthority::certificate).toList(),
                List.of());
    }

    private static ClientAuthConfig config(Naming naming) {
        return ClientAuth.of(Mode.REQUIRE, naming, Policy.SOFT);
    }

    private static String name(DeviceTrust trust, Holder device) {
        try {
            return String.valueOf(trust.validate(device.chain(), Instant.now()).name());
        } catch (InvalidPathException e) {
            return e.fault() + ": " + e.getMessage();
        }
    }

    private static void assertRefused(DeviceTrust trust, Holder device, PathFault fault) {
        assertThat(name(trust, device)).startsWith(fault + ": ");
    }
}
