package io.staplegate.ocsp;

import static io.staplegate.ocsp.Scene.NOW;
import static io.staplegate.ocsp.Scene.issuance;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.Authority;
import io.staplegate.demo.OcspReply;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.ocsp.BasicOCSPResponse;
import org.junit.jupiter.api.Test;

/** What certificates a staple carries. */
class DressingTest {
    private static final Scene SCENE = Scene.create();
    private static final X509Certificate ROOT = SCENE.root().certificate();
    private static final X509Certificate INTERMEDIATE = SCENE.issuer().certificate();
    private static final List<X509Certificate> SENT = List.of(SCENE.leaf(), INTERMEDIATE);
    private static final KeyPair KEYS = Authority.newKeys("EC");
    private static final X509Certificate DELEGATE =
            SCENE.issuer().issue(issuance("Responder").ocspSigning(), KEYS.getPublic());

    @Test
    void dropsTheIssuerThatDevicesAreSent() throws IOException {
        byte[] fat = SCENE.honest().embedding(INTERMEDIATE, ROOT).encode();

        byte[] dressed = dress(fat);

        assertThat(certificates(dressed)).isEmpty();
        assertThat(Surgery.basic(dressed).getCerts())
                .describedAs("the field itself")
                .isNull();
        assertThat(dressed.length).isLessThan(fat.length);
        assertSameUnderTheSignature(fat, dressed);
    }

    @Test
    void leavesAFittingResponseAsItIs() {
        byte[] response = SCENE.honest().encode();

        assertThat(dress(response)).isSameAs(response);
    }

    @Test
    void dropsAnEmptyField() throws IOException {
        byte[] plain = SCENE.honest().encode();
        BasicOCSPResponse basic = Surgery.basic(plain);
        byte[] withEmptyField = Surgery.successful(new BasicOCSPResponse(
                basic.getTbsResponseData(), basic.getSignatureAlgorithm(), basic.getSignature(), new DERSequence()));

        assertThat(dress(withEmptyField)).isEqualTo(plain);
    }

    @Test
    void addsTheIssuerThatIsNamedByKeyAndNotSent() throws IOException {
        byte[] response = aboutTheIntermediate().encode();

        byte[] dressed = dressForTheIntermediate(response);

        assertThat(certificates(dressed)).containsExactly(ROOT);
        assertSameUnderTheSignature(response, dressed);
        assertThat(Scene.VALIDATOR.judge(dressed, INTERMEDIATE, ROOT, NOW)).isInstanceOf(Verdict.Good.class);
    }

    @Test
    void doesNotAddTheIssuerThatIsSentOrNamedByName() {
        byte[] byKey = aboutTheIntermediate().encode();
        byte[] byName = aboutTheIntermediate().namedByName().encode();

        assertThat(Dressing.dress(byKey, ROOT, List.of(SCENE.leaf(), INTERMEDIATE, ROOT)))
                .isSameAs(byKey);
        assertThat(dressForTheIntermediate(byName)).isSameAs(byName);
    }

    @Test
    void dropsTheIssuerThatIsNamedByName() throws IOException {
        byte[] response = aboutTheIntermediate().namedByName().embedding(ROOT).encode();

        assertThat(certificates(dressForTheIntermediate(response))).isEmpty();
    }

    @Test
    void keepsTheDelegateAndNobodyElse() throws IOException {
        X509Certificate foreign =
                Authority.root("Foreign", NOW, Duration.ofDays(1)).certificate();
        byte[] fat = SCENE.honest()
                .signedBy(DELEGATE, KEYS)
                .embedding(foreign, DELEGATE, INTERMEDIATE, DELEGATE)
                .encode();

        byte[] dressed = dress(fat);

        assertThat(certificates(dressed)).containsExactly(DELEGATE);
        assertSameUnderTheSignature(fat, dressed);
        assertThat(SCENE.judge(dressed)).isInstanceOf(Verdict.Good.class);
    }

    @Test
    void keepsTheDelegateEvenWhenItIsSent() {
        byte[] response =
                SCENE.honest().signedBy(DELEGATE, KEYS).embedding(DELEGATE).encode();

        assertThat(Dressing.dress(response, INTERMEDIATE, List.of(SCENE.leaf(), DELEGATE, INTERMEDIATE)))
                .isSameAs(response);
    }

    @Test
    void keepsADelegateThatExpired() {
        X509Certificate expired = SCENE.issuer()
                .issue(
                        issuance("Responder").ocspSigning().valid(NOW.minusSeconds(9), Duration.ofSeconds(1)),
                        KEYS.getPublic());
        byte[] response =
                SCENE.honest().signedBy(expired, KEYS).embedding(expired).encode();

        assertThat(dress(response)).isSameAs(response); // times are the validator's affair
    }

    @Test
    void doesNotTouchWhatNobodyKnownSigned() {
        byte[] response = SCENE.honest()
                .signedBy(DELEGATE, Authority.newKeys("EC"))
                .embedding(DELEGATE, INTERMEDIATE, ROOT)
                .encode();

        assertThat(dress(response)).isSameAs(response);
    }

    private static OcspReply aboutTheIntermediate() {
        return OcspReply.good(OcspReply.certId(INTERMEDIATE, ROOT, false), SCENE.root(), NOW, Scene.VALIDITY);
    }

    private static byte[] dress(byte[] response) {
        return Dressing.dress(response, INTERMEDIATE, SENT);
    }

    private static byte[] dressForTheIntermediate(byte[] response) {
        return Dressing.dress(response, ROOT, SENT);
    }

    private static List<X509Certificate> certificates(byte[] response) {
        return ((ParsedResponse.Basic) ResponseParser.parse(response))
                .certificates().stream()
                        .map(ParsedResponse.Embedded::certificate)
                        .toList();
    }

    /** What is signed, and the signature, are the same bytes in both. */
    private static void assertSameUnderTheSignature(byte[] before, byte[] after) throws IOException {
        for (int i = 0; i < 3; i++) {
            byte[] element = ((ParsedResponse.Basic) ResponseParser.parse(before))
                    .structure()
                    .getObjectAt(i)
                    .toASN1Primitive()
                    .getEncoded();
            assertThat(HexFormat.of().formatHex(after)).contains(HexFormat.of().formatHex(element));
            assertThat(HexFormat.of().formatHex(before)).contains(HexFormat.of().formatHex(element));
        }
    }
}
