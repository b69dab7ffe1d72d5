package io.staplegate.ocsp;

import static io.staplegate.ocsp.Scene.NOW;
import static io.staplegate.ocsp.Scene.issuance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.OcspReply;
import io.staplegate.ocsp.Verdict.Code;
import io.staplegate.ocsp.Verdict.Good;
import io.staplegate.ocsp.Verdict.Reason;
import io.staplegate.testing.ResponseVariant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Date;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may sign, and with what. */
class SignerTest {
    private static final Scene SCENE = Scene.create();
    private static final KeyPair KEYS = Authority.newKeys("EC");
    private static final String STRONG = "SHA256withECDSA";
    private static final KeyUsage KEY_AGREEMENT = new KeyUsage(KeyUsage.keyAgreement);
    private static final ASN1ObjectIdentifier STRANGE = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");
    private static final Extension OCSP_SIGNING = purpose(KeyPurposeId.id_kp_OCSPSigning);

    static Stream<Arguments> delegates() {
        return Stream.of(
                argumentSet("for any purpose", certified(STRONG, purpose(KeyPurposeId.anyExtendedKeyUsage))),
                argumentSet(
                        "not for signatures",
                        certified(STRONG, OCSP_SIGNING, extension(Extension.keyUsage, KEY_AGREEMENT, true))),
                argumentSet(
                        "with an unknown critical extension",
                        certified(STRONG, OCSP_SIGNING, extension(STRANGE, DERNull.INSTANCE, true))),
                argumentSet("certified by the root", SCENE.root().issue(responder(), KEYS.getPublic())),
                argumentSet(
                        "certified by a CA below the issuer",
                        SCENE.issuer().intermediate(issuance("Below")).issue(responder(), KEYS.getPublic())),
                argumentSet(
                        "certified by a CA of the same name",
                        SCENE.root().intermediate(issuance("Intermediate")).issue(responder(), KEYS.getPublic())));
    }

    @ParameterizedTest
    @MethodSource("delegates")
    void mayNotBeADelegate(X509Certificate delegate) {
        byte[] response =
                SCENE.honest().signedBy(delegate, KEYS).embedding(delegate).encode();

        assertThat(SCENE.judge(response).reasons()).extracting(Reason::code).containsExactly(Code.UNAUTHORIZED_SIGNER);
    }

    @Test
    void mayNotBeTheLeafItself() {
        X509Certificate leaf = SCENE.issuer().issue(issuance("leaf").serverAuth(), KEYS.getPublic());
        Scene own = new Scene(SCENE.root(), SCENE.issuer(), leaf, NOW);
        byte[] response = own.honest().signedBy(leaf, KEYS).embedding(leaf).encode();

        assertThat(own.judge(response).reasons())
                .extracting(Reason::code)
                .containsExactly(Code.UNAUTHORIZED_SIGNER); // openssl/openssl#30323
    }

    @Test
    void mayNotBeADelegateWhoseCertificateIsMissing() {
        X509Certificate delegate = SCENE.issuer().issue(responder(), KEYS.getPublic());

        assertThat(SCENE.judge(SCENE.honest().signedBy(delegate, KEYS).encode()).reasons())
                .extracting(Reason::code)
                .containsExactly(Code.UNAUTHORIZED_SIGNER);
    }

    @Test
    void mayNotBeADelegateThatDoesNotExistYet() {
        byte[] response = ResponseVariant.delegated(
                SCENE.honest(), SCENE.issuer(), responder().valid(NOW.plus(Duration.ofHours(1)), Duration.ofDays(1)));

        assertThat(SCENE.judge(response).reasons()).extracting(Reason::code).containsExactly(Code.SIGNER_NOT_VALID);
    }

    @Test
    void mayBeADelegateWithoutNocheck() {
        Issuance withoutNocheck = issuance("Responder")
                .with(Extension.extendedKeyUsage, new ExtendedKeyUsage(KeyPurposeId.id_kp_OCSPSigning)); // R7
        byte[] response = ResponseVariant.delegated(SCENE.honest(), SCENE.issuer(), withoutNocheck);

        assertThat(SCENE.judge(response)).isInstanceOf(Good.class);
    }

    @Test
    void isFoundAmongOtherCertificatesOfItsName() {
        X509Certificate impostor =
                SCENE.issuer().issue(responder(), Authority.newKeys("EC").getPublic());
        X509Certificate delegate = SCENE.issuer().issue(responder(), KEYS.getPublic());
        byte[] response = SCENE.honest()
                .signedBy(delegate, KEYS)
                .namedByName()
                .embedding(SCENE.root().certificate(), impostor, delegate)
                .encode();

        assertThat(SCENE.judge(response)).isInstanceOf(Good.class);
    }

    @Test
    void mayNotBeNamedAsSomebodyElse() {
        byte[] response = SCENE.honest()
                .signedBy(SCENE.root().certificate(), SCENE.issuer().keys())
                .encode();

        assertThat(SCENE.judge(response).reasons())
                .extracting(Reason::code)
                .containsExactly(Code.UNAUTHORIZED_SIGNER); // R13
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA256withRSA", "SHA384withRSA", "SHA512withRSA"})
    void maySignWithRsa(String algorithm) throws GeneralSecurityException {
        assertThat(judgeRsa(2048, algorithm)).isInstanceOf(Good.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA1withRSA", "MD5withRSA", "SHA224withRSA"})
    void mayNotSignWithWeakHashes(String algorithm) throws GeneralSecurityException {
        assertThat(judgeRsa(2048, algorithm).reasons())
                .extracting(Reason::code)
                .containsExactly(Code.WEAK_SIGNATURE); // R41
    }

    @Test
    void mayNotSignWithAShortKey() throws GeneralSecurityException {
        assertThat(judgeRsa(1024, "SHA256withRSA").reasons())
                .extracting(Reason::code)
                .containsExactly(Code.WEAK_SIGNATURE);
    }

    @Test
    void mayNotBeCertifiedWithAWeakHash() {
        X509Certificate delegate = certified("SHA1withECDSA", OCSP_SIGNING);
        byte[] response =
                SCENE.honest().signedBy(delegate, KEYS).embedding(delegate).encode();

        assertThat(SCENE.judge(response).reasons()).extracting(Reason::code).containsExactly(Code.WEAK_SIGNATURE);
    }

    private static Verdict judgeRsa(int bits, String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        KeyPair keys = generator.generateKeyPair();
        X509Certificate delegate = SCENE.issuer().issue(responder(), keys.getPublic());
        OcspReply reply = SCENE.honest().signedBy(delegate, keys).embedding(delegate);
        return SCENE.judge(reply.signedWith(algorithm).encode());
    }

    private static Issuance responder() {
        return issuance("Responder").ocspSigning();
    }

    /** A delegate with exactly these extensions. */
    private static X509Certificate certified(String algorithm, Extension... extensions) {
        var builder = new JcaX509v3CertificateBuilder(
                SCENE.issuer().certificate(),
                BigInteger.TEN,
                Date.from(NOW.minusSeconds(60)),
                Date.from(NOW.plusSeconds(36_000)),
                new X500Name("CN=Responder"),
                KEYS.getPublic());
        try {
            for (Extension extension : extensions) {
                builder.addExtension(extension);
            }
            ContentSigner signer = new JcaContentSignerBuilder(algorithm)
                    .build(SCENE.issuer().keys().getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Extension purpose(KeyPurposeId purpose) {
        return extension(Extension.extendedKeyUsage, new ExtendedKeyUsage(purpose), false);
    }

    private static Extension extension(ASN1ObjectIdentifier name, ASN1Encodable value, boolean critical) {
        try {
            return Extension.create(name, critical, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
