package io.staplegate.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.ClientAuthConfig.Mode;
import io.staplegate.config.ClientAuthConfig.Naming;
import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.demo.Authority;
import io.staplegate.testing.ClientAuth;
import io.staplegate.testing.DeviceAuthority;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device changes how its certificate is written, not what it says, and is known nevertheless. */
final class CertificateFormsTest {
    @ParameterizedTest
    @ValueSource(strings = {"EC", "P-384", "RSA"})
    void aCertificateAsItIsIsTheFirst(String kind) {
        DeviceAuthority root = root(kind);
        X509Certificate issued = issuedBy(root);
        assertThat(forms(issued, root))
                .startsWith(Fingerprint.of(issued))
                .hasSize(kind.equals("RSA") ? 1 : 2)
                .doesNotHaveDuplicates();
    }

    @Test
    void theOtherSignatureOfAnEcdsaKeyIsValidAndIsTheSameCertificate() throws Exception {
        DeviceAuthority root = root("EC");
        X509Certificate issued = issuedBy(root);
        BigInteger order =
                ((ECPublicKey) root.certificate().getPublicKey()).getParams().getOrder();
        ASN1Sequence values = ASN1Sequence.getInstance(issued.getSignature());
        BigInteger s = ASN1Integer.getInstance(values.getObjectAt(1)).getValue();
        byte[] other = sequence(values.getObjectAt(0), new ASN1Integer(order.subtract(s)))
                .getEncoded();
        assertIsTheSame(with(issued, parsed(issued).getSignatureAlgorithm(), new DERBitString(other)), issued, root);
    }

    @Test
    void bitsThatDoNotCountMakeNoOtherCertificate() throws Exception {
        DeviceAuthority root = root("RSA");
        X509Certificate issued = Stream.generate(() -> issuedBy(root))
                .filter(certificate -> last(certificate) % 2 == 0) // half of them end in a bit that can be unused
                .findFirst()
                .orElseThrow();
        DERBitString oneUnused = new DERBitString(issued.getSignature(), 1);
        assertIsTheSame(with(issued, parsed(issued).getSignatureAlgorithm(), oneUnused), issued, root);
    }

    private static int last(X509Certificate certificate) {
        byte[] signature = certificate.getSignature();
        return signature[signature.length - 1];
    }

    private static void assertIsTheSame(byte[] altered, X509Certificate issued, DeviceAuthority root)
            throws GeneralSecurityException, InvalidPathException {
        X509Certificate shown = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(altered));
        DeviceTrust trust = DeviceTrust.of(
                ClientAuth.of(Mode.REQUIRE, Naming.CN, Policy.SOFT), List.of(root.certificate()), List.of());
        assertThat(trust.validate(List.of(shown), Instant.now()).name()).isEqualTo("meter");
        assertThat(Fingerprint.of(shown)).isNotEqualTo(Fingerprint.of(issued));
        assertThat(forms(shown, root)).startsWith(Fingerprint.of(shown)).contains(Fingerprint.of(issued));
    }

    private static byte[] with(X509Certificate certificate, AlgorithmIdentifier algorithm, DERBitString signature)
            throws GeneralSecurityException, IOException {
        return sequence(parsed(certificate).getTBSCertificate(), algorithm, signature)
                .getEncoded();
    }

    private static Certificate parsed(X509Certificate certificate) throws GeneralSecurityException {
        return Certificate.getInstance(certificate.getEncoded());
    }

    private static DERSequence sequence(ASN1Encodable... elements) {
        ASN1EncodableVector all = new ASN1EncodableVector();
        all.addAll(elements);
        return new DERSequence(all);
    }

    private static List<Fingerprint> forms(X509Certificate certificate, DeviceAuthority root) {
        return CertificateForms.fingerprints(certificate, root.certificate().getPublicKey());
    }

    private static DeviceAuthority root(String kind) {
        return DeviceAuthority.root("Root", draft -> draft.keys(Authority.newKeys(kind)));
    }

    private static X509Certificate issuedBy(DeviceAuthority root) {
        return root.device("meter").chain().getFirst();
    }
}
