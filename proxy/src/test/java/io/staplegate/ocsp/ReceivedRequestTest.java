package io.staplegate.ocsp;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.ocsp.OcspRequest.Reading;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.bouncycastle.asn1.ocsp.Request;
import org.bouncycastle.asn1.ocsp.TBSRequest;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the requests of others. */
class ReceivedRequestTest {
    private static final Scene SCENE = Scene.create();
    private static final CertId ID =
            CertId.of(CertIdHash.SHA1, SCENE.leaf(), SCENE.issuer().certificate());
    private static final Reading MALFORMED = new Reading.Refused(OcspRefusal.MALFORMED_REQUEST);
    private static final Reading FOREIGN = new Reading.Refused(OcspRefusal.UNAUTHORIZED);
    private static final Reading PLAIN = new Reading.Asked(ID, false);

    @ParameterizedTest
    @EnumSource
    void ourOwnAreRead(CertIdHash hash) {
        CertId id = CertId.of(hash, SCENE.leaf(), SCENE.issuer().certificate());

        assertThat(OcspRequest.parse(OcspRequest.encode(id))).isEqualTo(new Reading.Asked(id, false));
    }

    @Test
    void anAlgorithmWithoutParametersIsTheSameAlgorithm() throws IOException {
        CertID bare = about(new AlgorithmIdentifier(OIWObjectIdentifiers.idSHA1));

        assertThat(OcspRequest.parse(encode(null, request(bare)))).isEqualTo(PLAIN);
    }

    @Test
    void aHashThatWeDoNotKnowNamesNoCaOfOurs() throws IOException {
        CertID other = about(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha384));

        assertThat(OcspRequest.parse(encode(null, request(other)))).isEqualTo(FOREIGN);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "16, true", "32, true", "128, true", "129, false"})
    void aNonceHasOneTo128Bytes(int length, boolean accepted) throws IOException {
        byte[] nonce = new DEROctetString(new byte[length]).getEncoded();
        byte[] request = encode(extension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, nonce), request());

        assertThat(OcspRequest.parse(request)).isEqualTo(accepted ? new Reading.Asked(ID, true) : MALFORMED);
    }

    @Test
    void twoQuestionsAreNone() throws IOException {
        assertThat(OcspRequest.parse(encode(null, request(), request()))).isEqualTo(MALFORMED);
        assertThat(OcspRequest.parse(encode(null))).isEqualTo(MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onlyCriticalExtensionsHaveToBeUnderstood(boolean critical) throws IOException {
        Extensions odd = extension(new ASN1ObjectIdentifier("1.2.3.4"), critical, new byte[] {5, 0});

        assertThat(OcspRequest.parse(encode(odd, request()))).isEqualTo(critical ? MALFORMED : PLAIN);
        assertThat(OcspRequest.parse(encode(null, new Request(ID.structure(), odd))))
                .isEqualTo(critical ? MALFORMED : PLAIN);
    }

    @Test
    void partsOfTheWrongLengthAreRefused() throws IOException {
        CertID id = ID.structure();
        CertID shortHash = new CertID(
                id.getHashAlgorithm(), new DEROctetString(new byte[19]), id.getIssuerKeyHash(), id.getSerialNumber());
        CertID longSerial = new CertID(
                id.getHashAlgorithm(),
                id.getIssuerNameHash(),
                id.getIssuerKeyHash(),
                new ASN1Integer(BigInteger.ONE.shiftLeft(160)));

        assertThat(OcspRequest.parse(encode(null, request(shortHash)))).isEqualTo(MALFORMED);
        assertThat(OcspRequest.parse(encode(null, request(longSerial)))).isEqualTo(MALFORMED);
    }

    @Test
    void noBytesMakeItThrow() {
        byte[] good = OcspRequest.encode(ID);
        for (int length = 0; length < good.length; length++) {
            assertThat(OcspRequest.parse(Arrays.copyOf(good, length))).isEqualTo(MALFORMED);
        }
        assertThat(OcspRequest.parse(Arrays.copyOf(good, good.length + 1))).isEqualTo(MALFORMED);
        assertThat(OcspRequest.parse(new byte[OcspRequest.MAX_BYTES + 1])).isEqualTo(MALFORMED);
        byte[] deep = new byte[OcspRequest.MAX_BYTES];
        IntStream.range(0, deep.length).forEach(i -> deep[i] = (byte) (i % 2 == 0 ? 0x30 : 0x80));
        assertThat(OcspRequest.parse(deep)).isEqualTo(MALFORMED);
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] spoiled = good.clone();
            spoiled[random.nextInt(spoiled.length)] = (byte) random.nextInt();
            assertThat(OcspRequest.parse(spoiled)).isNotNull();
        }
    }

    private static CertID about(AlgorithmIdentifier algorithm) {
        CertID id = ID.structure();
        return new CertID(algorithm, id.getIssuerNameHash(), id.getIssuerKeyHash(), id.getSerialNumber());
    }

    private static Request request() {
        return request(ID.structure());
    }

    private static Request request(CertID id) {
        return new Request(id, null);
    }

    private static Extensions extension(ASN1ObjectIdentifier name, boolean critical, byte[] value) {
        return new Extensions(new Extension(name, critical, value));
    }

    private static byte[] encode(@Nullable Extensions extensions, Request... requests) throws IOException {
        ASN1EncodableVector list = new ASN1EncodableVector();
        Arrays.stream(requests).forEach(list::add);
        return new OCSPRequest(new TBSRequest(null, new DERSequence(list), extensions), null).getEncoded();
    }
}
