package io.staplegate.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.identity.Identity.KeyType;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityTest {
    private static final KeyPair KEYS = Authority.newKeys("EC");
    private static final Pki PKI = new Pki(Path.of("unused"));

    private final X509Certificate root = PKI.root.certificate();
    private final X509Certificate intermediate = PKI.intermediate.certificate();
    private final X509Certificate leaf = PKI.issue(Pki.server("a.example"), KEYS);

    @Test
    void eachCertificateIsIssuedByTheNextAndTheTopmostByOneThatIsNotSent() {
        Identity identity = identity(List.of(leaf, intermediate), List.of(root));

        assertThat(identity.issuerOf(0)).isSameAs(intermediate);
        assertThat(identity.issuerOf(1)).isSameAs(root);
    }

    @Test
    void aRootInTheChainHasNoIssuer() {
        Identity identity = identity(List.of(leaf, intermediate, root), List.of());

        assertThat(identity.issuerOf(1)).isSameAs(root);
        assertThat(identity.issuerOf(2)).isNull();
    }

    @Test
    void anIssuerThatIsNowhereIsNull() {
        assertThat(identity(List.of(leaf, intermediate), List.of()).issuerOf(1)).isNull();
    }

    @Test
    void anAuthorityOfTheSameNameWithAnotherKeyIsNoIssuer() {
        X509Certificate impostor =
                Authority.root("Root", Pki.START, Pki.LIFETIME).certificate();

        assertThat(identity(List.of(leaf, intermediate), List.of(impostor)).issuerOf(1))
                .isNull();
        assertThat(identity(List.of(leaf, intermediate), List.of(impostor, root))
                        .issuerOf(1))
                .isSameAs(root);
    }

    @Test
    void onlyTheTlsFeatureStatusRequestDemandsAStaple() {
        X509Certificate demanding = PKI.issue(Pki.server("a.example").mustStaple(), KEYS);

        assertThat(identity(List.of(demanding), List.of()).mustStaple()).isTrue();
        assertThat(identity(List.of(leaf), List.of()).mustStaple()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"EC, EC", "P-384, EC", "RSA, RSA", "Ed25519, ED25519"})
    void theKeyTypeIsTheLeafs(String kind, KeyType type) {
        X509Certificate certificate = PKI.issue(Pki.server("a.example"), Authority.newKeys(kind));

        assertThat(identity(List.of(certificate), List.of()).keyType()).isEqualTo(type);
    }

    @Test
    void aKeyThatNoDeviceCanVerifyWithIsRefused() throws Exception {
        KeyPair odd = KeyPairGenerator.getInstance("Ed448").generateKeyPair();
        X509Certificate certificate = PKI.issue(Pki.server("a.example"), odd);

        assertThatThrownBy(() -> identity(List.of(certificate), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void respondersAreWebAddressesInTheOrderOfTheCertificate() {
        URI first = URI.create("http://one.example/ocsp");
        URI second = URI.create("HTTPS://two.example");
        Issuance issuance = Pki.server().responders(first, URI.create("ldap://three.example"), second);

        assertThat(Extensions.responders(PKI.issue(issuance, KEYS))).containsExactly(first, second);
        assertThat(Extensions.responders(root)).isEmpty();
    }

    @Test
    void anExtensionThatIsNotWhatItShouldBeCountsAsAbsent() {
        Issuance issuance = Issuance.named("odd")
                .valid(Pki.START, Pki.LIFETIME)
                .with(Extension.authorityInfoAccess, new DERUTF8String("odd"))
                .with(new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.24"), new DERUTF8String("odd"));
        X509Certificate odd = PKI.issue(issuance, KEYS);

        assertThat(Extensions.responders(odd)).isEmpty();
        assertThat(Extensions.tlsFeatures(odd)).isEmpty();
    }

    private static Identity identity(List<X509Certificate> chain, List<X509Certificate> issuers) {
        return new Identity(PKI.config("gateway", "unused", "unused"), chain, issuers, KEYS.getPrivate(), false);
    }
}
