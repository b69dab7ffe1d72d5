package io.staplegate.ocsp;

import static io.staplegate.ocsp.Scene.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.staplegate.demo.OcspReply;
import io.staplegate.ocsp.Verdict.Code;
import io.staplegate.ocsp.Verdict.Reason;
import io.staplegate.ocsp.Verdict.Unusable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.BERSequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DLSequence;
import org.bouncycastle.asn1.ocsp.BasicOCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.ResponseData;
import org.bouncycastle.asn1.x509.Extensions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that are no response, or one that some device could read differently. */
class MalformedResponseTest {
    private static final Scene SCENE = Scene.create();
    private static final OcspReply HONEST = SCENE.honest();
    private static final ASN1ObjectIdentifier STRANGE = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");

    static Stream<Arguments> faults() throws IOException {
        byte[] good = HONEST.encode();
        return Stream.of(
                fault("nothing", new byte[0], "not in DER"),
                fault("HTML", "<html>log in</html>".getBytes(StandardCharsets.UTF_8), ""),
                fault("a number", HexFormat.of().parseHex("020101"), ""),
                fault("zeros", new byte[1000], ""),
                fault("half a response", Arrays.copyOf(good, good.length / 2), ""),
                fault("a byte too much", Arrays.copyOf(good, good.length + 1), "xtra data"),
                fault("indefinite lengths", new BERSequence(elements(good)).getEncoded(), "not in DER"),
                fault("definite lengths nested 16,000 deep", nested(16_000), ""),
                fault("indefinite lengths nested 30,000 deep", nestedIndefinitely(30_000), ""),
                fault("status 4", HexFormat.of().parseHex("30030a0104"), "status 4 does not exist"),
                fault("success without a response", HexFormat.of().parseHex("30030a0100"), "no basic response"),
                fault("another kind of response", Surgery.response(STRANGE, new byte[] {5, 0}), "no basic response"),
                fault(
                        "five elements",
                        Surgery.response(OCSPObjectIdentifiers.id_pkix_ocsp_basic, five(good)),
                        "5 elements"),
                fault("version 2", Surgery.data(HONEST, MalformedResponseTest::version2), "version is not v1"),
                fault("no seconds", withoutSeconds(good), "is not of the form"),
                fault("fractions", Surgery.times(HONEST, "20260301120000.5Z", "20260302120000Z"), "thisUpdate is not"),
                fault("local time", Surgery.times(HONEST, "20260301120000", "20260302120000Z"), "thisUpdate is not"),
                fault("zone", Surgery.times(HONEST, "20260301120000Z", "20260302120000+0000"), "nextUpdate is not"),
                fault("31 February", Surgery.times(HONEST, "20260231120000Z", "20260302120000Z"), "thisUpdate is not"),
                fault("fractions in producedAt", Surgery.producedAt(HONEST, "20260301120000.1Z"), "producedAt is not"));
    }

    private static Arguments fault(String name, byte[] bytes, String text) {
        return argumentSet(name, bytes, text);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void isUnusableAndSaysWhy(byte[] bytes, String text) {
        Verdict verdict = SCENE.judge(bytes, NOW);

        assertThat(verdict).isInstanceOf(Unusable.class);
        Reason reason = verdict.reasons().getFirst();
        assertThat(reason.code()).isEqualTo(Code.MALFORMED);
        assertThat(reason.text()).contains(text).hasSizeLessThan(200).matches("\\p{ASCII}+");
    }

    @ParameterizedTest
    @MethodSource("faults")
    void isLeftAloneByTheDressing(byte[] bytes, String text) {
        assertThat(Dressing.dress(bytes, SCENE.issuer().certificate(), List.of()))
                .describedAs(text)
                .isSameAs(bytes);
    }

    @Test
    void mayNotEndBeforeItBegins() {
        byte[] response = Surgery.times(HONEST, "20260301120000Z", "20260301115959Z");

        assertThat(SCENE.judge(response).reasons()).extracting(Reason::code).containsExactly(Code.MALFORMED);
    }

    @Test
    void mayBeSignedInTheFutureWithinTheSkewOnly() {
        assertThat(SCENE.judge(Surgery.producedAt(HONEST, "20260301120500Z"))).isInstanceOf(Verdict.Good.class);
        assertThat(SCENE.judge(Surgery.producedAt(HONEST, "20260301120501Z")).reasons())
                .extracting(Reason::code)
                .containsExactly(Code.NOT_YET_VALID);
    }

    @Test
    void mayHaveExtensionsThatAreNotUnderstoodUnlessTheyAreCritical() {
        assertThat(SCENE.judge(Surgery.responseExtension(HONEST, STRANGE, false)))
                .isInstanceOf(Verdict.Good.class);
        assertThat(SCENE.judge(Surgery.entryExtension(HONEST, STRANGE, false))).isInstanceOf(Verdict.Good.class);
        for (byte[] critical : new byte[][] {
            Surgery.responseExtension(HONEST, STRANGE, true), Surgery.entryExtension(HONEST, STRANGE, true)
        }) {
            assertThat(SCENE.judge(critical).reasons())
                    .containsExactly(new Reason(
                            Code.UNSUPPORTED, "the critical extension 1.3.6.1.4.1.99999.1 is not understood"));
        }
    }

    private static ResponseData version2(ResponseData data) {
        return new ResponseData(
                new ASN1Integer(1), data.getResponderID(), data.getProducedAt(), data.getResponses(), (Extensions)
                        null);
    }

    private static ASN1EncodableVector elements(byte[] response) {
        OCSPResponse parsed = OCSPResponse.getInstance(response);
        var elements = new ASN1EncodableVector();
        DERSequence.getInstance(parsed.toASN1Primitive()).forEach(elements::add);
        return elements;
    }

    private static byte[] five(byte[] response) throws IOException {
        BasicOCSPResponse basic = Surgery.basic(response);
        var elements = new ASN1EncodableVector();
        elements.add(basic.getTbsResponseData());
        elements.add(basic.getSignatureAlgorithm());
        elements.add(basic.getSignature());
        elements.add(new DERTaggedObject(true, 0, new DERSequence()));
        elements.add(DERNull.INSTANCE);
        return new DLSequence(elements).getEncoded();
    }

    /** Bouncy Castle would not encode that. */
    private static byte[] withoutSeconds(byte[] response) {
        String text = new String(response, StandardCharsets.ISO_8859_1);
        return text.replace("20260301120000Z", "202603011200+01").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] nested(int depth) {
        byte[] bytes = new byte[4 * depth];
        for (int i = 0; i < depth && 4 * i < 64 * 1024 - 4; i++) {
            int length = bytes.length - 4 * i - 4;
            bytes[4 * i] = 0x30;
            bytes[4 * i + 1] = (byte) 0x82;
            bytes[4 * i + 2] = (byte) (length >> 8);
            bytes[4 * i + 3] = (byte) length;
        }
        return bytes;
    }

    private static byte[] nestedIndefinitely(int depth) {
        byte[] bytes = new byte[2 * depth];
        for (int i = 0; i < depth; i++) {
            bytes[2 * i] = 0x30;
            bytes[2 * i + 1] = (byte) 0x80;
        }
        return bytes;
    }
}
