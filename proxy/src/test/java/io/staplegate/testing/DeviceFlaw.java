package io.staplegate.testing;

import io.staplegate.telemetry.PathFault;
import io.staplegate.testing.DeviceAuthority.Draft;
import io.staplegate.testing.DeviceAuthority.Holder;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;

/** Everything that can be wrong with a device's certificates, and what the proxy calls it. */
public enum DeviceFlaw {
    UNKNOWN_CA(PathFault.UNKNOWN_CA, _ -> DeviceAuthority.root("Stranger").device("meter")),
    NAMESAKE_OF_THE_CA(
            PathFault.UNKNOWN_CA,
            root -> DeviceAuthority.root(
                            "x",
                            draft -> draft.subject(
                                    root.certificate().getSubjectX500Principal().getName()))
                    .device("meter")),
    SELF_SIGNED(PathFault.UNKNOWN_CA, _ -> {
        DeviceAuthority self = DeviceAuthority.root("meter", draft -> draft.usage(KeyUsage.digitalSignature));
        return new Holder(List.of(self.certificate()), self.keys());
    }),
    MISSING_INTERMEDIATE(
            PathFault.UNKNOWN_CA,
            root -> root.subordinate("Other plant").device("meter").alone()),
    FORGED(PathFault.BAD_SIGNATURE, root -> {
        Holder device = root.device("meter");
        return device.with(List.of(forged(device.chain().getFirst())));
    }),
    EXPIRED(PathFault.EXPIRED, changed(draft -> draft.valid(Duration.ofDays(-5), Duration.ofDays(-1)))),
    NOT_YET_VALID(PathFault.NOT_YET_VALID, changed(draft -> draft.valid(Duration.ofDays(1), Duration.ofDays(5)))),
    EXPIRED_INTERMEDIATE(
            PathFault.EXPIRED,
            root -> root.subordinate("Old plant", draft -> draft.valid(Duration.ofDays(-5), Duration.ofDays(-1)))
                    .device("meter")),
    FOR_SERVERS(PathFault.WRONG_USAGE, changed(draft -> draft.purposes(KeyPurposeId.id_kp_serverAuth))),
    FOR_ENCIPHERING(PathFault.WRONG_USAGE, changed(draft -> draft.usage(KeyUsage.keyEncipherment))),
    OF_A_CA(
            PathFault.WRONG_USAGE,
            changed(draft -> draft.authority(3).usage(KeyUsage.digitalSignature | KeyUsage.keyCertSign))),
    INTERMEDIATE_FOR_SERVERS(
            PathFault.WRONG_USAGE,
            root -> root.subordinate("Web", draft -> draft.purposes(KeyPurposeId.id_kp_serverAuth))
                    .device("meter")),
    WEAK_KEY(PathFault.WEAK, changed(draft -> draft.keys(rsa1024()))),
    WEAK_KEY_OF_INTERMEDIATE(
            PathFault.WEAK,
            root -> root.subordinate("Weak plant", draft -> draft.keys(rsa1024()))
                    .device("meter")),
    SHA1(PathFault.WEAK, changed(draft -> draft.digest("SHA1"))),
    ISSUED_BY_A_DEVICE(
            PathFault.NOT_A_CA,
            root -> root.subordinate(
                            "device",
                            draft -> draft.without(Extension.basicConstraints).usage(KeyUsage.digitalSignature))
                    .device("meter")),
    ISSUED_WITHOUT_CERT_SIGN(
            PathFault.NOT_A_CA,
            root -> root.subordinate("Lister", draft -> draft.usage(KeyUsage.cRLSign))
                    .device("meter")),
    PATH_LENGTH(
            PathFault.PATH_TOO_LONG,
            root -> root.subordinate("Confined", draft -> draft.authority(0))
                    .subordinate("Below")
                    .device("meter")),
    SIX_CERTIFICATES(PathFault.PATH_TOO_LONG, root -> below(root, 5).device("meter")),
    NAME_CONSTRAINT(
            PathFault.NAME_CONSTRAINT,
            root -> root.subordinate(
                            "Plant 1", draft -> draft.with(Extension.nameConstraints, true, only("plant1.example")))
                    .device("meter", draft -> dnsName(draft, "meter.plant2.example"))),
    CRITICAL_EXTENSION(
            PathFault.UNSUPPORTED,
            changed(draft -> draft.with(new ASN1ObjectIdentifier("1.3.6.1.4.1.55555.1"), true, DERNull.INSTANCE)));

    private final PathFault fault;

    @SuppressWarnings("ImmutableEnumChecker") // a lambda that captures nothing mutable
    private final Function<DeviceAuthority, Holder> maker;

    DeviceFlaw(PathFault fault, Function<DeviceAuthority, Holder> maker) {
        this.fault = fault;
        this.maker = maker;
    }

    /** What the proxy calls it. */
    public PathFault fault() {
        return fault;
    }

    /** A device with that flaw, and but for that below a root. */
    public Holder device(DeviceAuthority root) {
        return maker.apply(root);
    }

    /** The last of some CAs below another. */
    public static DeviceAuthority below(DeviceAuthority root, int count) {
        DeviceAuthority last = root;
        for (int i = 1; i <= count; i++) {
            last = last.subordinate("CA " + i);
        }
        return last;
    }

    /** Permits one DNS domain, and no other. */
    public static NameConstraints only(String domain) {
        GeneralSubtree permitted = new GeneralSubtree(new GeneralName(GeneralName.dNSName, domain));
        return new NameConstraints(new GeneralSubtree[] {permitted}, null);
    }

    /** Gives a certificate a DNS name. */
    public static void dnsName(Draft draft, String name) {
        draft.with(
                Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
    }

    private static Function<DeviceAuthority, Holder> changed(Consumer<Draft> change) {
        return root -> root.subordinate("Plant").device("meter", change);
    }

    private static X509Certificate forged(X509Certificate certificate) {
        try {
            byte[] bytes = certificate.getEncoded();
            bytes[bytes.length - 1] ^= 1; // the last of the signature
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair rsa1024() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(1024);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
