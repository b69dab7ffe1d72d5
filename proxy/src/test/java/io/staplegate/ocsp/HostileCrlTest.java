package io.staplegate.ocsp;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.IssuedCrl;
import io.staplegate.ocsp.Verdict.Code;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.BERSequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.ReasonFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists that are wrong, damaged, or made to hurt. */
final class HostileCrlTest {
    private static final Instant NOW = Scene.NOW;
    private static final Duration VALIDITY = Duration.ofDays(4);
    private static final Authority CA = authority("CA");
    private static final Authority OTHER = authority("Other CA");
    private static final ASN1ObjectIdentifier UNHEARD_OF = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");
    private static final BigInteger SERIAL = BigInteger.valueOf(4711);

    static Stream<Arguments> refused() {
        var some = new IssuingDistributionPoint(
                null, false, false, new ReasonFlags(ReasonFlags.keyCompromise), false, false);
        var indirect = new IssuingDistributionPoint(null, false, false, null, true, false);
        GeneralNames name = new GeneralNames(new GeneralName(GeneralName.dNSName, "ca.example"));
        return Stream.of(
                refused("signed by another", Code.BAD_SIGNATURE, list().signedBy(OTHER)),
                refused("of another", Code.UNAUTHORIZED_SIGNER, list().named("Other CA")),
                refused("weak", Code.WEAK_SIGNATURE, list().signedWith("SHA1withECDSA")),
                refused(
                        "from the future",
                        Code.NOT_YET_VALID,
                        list().valid(NOW.plus(Scene.SKEW).plusSeconds(1), NOW.plus(VALIDITY))),
                refused("without end", Code.NO_NEXT_UPDATE, list().valid(NOW, null)),
                refused("unknown extension", Code.UNSUPPORTED, list().with(UNHEARD_OF, true, DERNull.INSTANCE)),
                refused(
                        "unknown extension of an entry",
                        Code.UNSUPPORTED,
                        list().revoke(SERIAL, UNHEARD_OF, true, DERNull.INSTANCE)),
                refused(
                        "an entry of another CA",
                        Code.UNSUPPORTED,
                        list().revoke(SERIAL, Extension.certificateIssuer, true, name)),
                refused("some reasons", Code.UNSUPPORTED, list().with(Extension.issuingDistributionPoint, true, some)),
                refused("indirect", Code.UNSUPPORTED, list().with(Extension.issuingDistributionPoint, true, indirect)),
                refused("delta without a number", Code.MALFORMED, list().deltaTo(1)),
                refused(
                        "another key",
                        Code.UNAUTHORIZED_SIGNER,
                        list().with(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(new byte[20]))),
                refused(
                        "a serial that is too long",
                        Code.UNSUPPORTED,
                        list().revoke(BigInteger.ONE.shiftLeft(8 * RevokedSerials.LONGEST))),
                refused(
                        "a large extension",
                        Code.MALFORMED,
                        list().with(UNHEARD_OF, false, new DEROctetString(new byte[70_000]))),
                refused(
                        "a large extension of an entry",
                        Code.MALFORMED,
                        list().revoke(SERIAL, UNHEARD_OF, false, new DEROctetString(new byte[70_000]))));
    }

    private static Arguments refused(String what, Code code, IssuedCrl list) {
        return Arguments.of(what, code, list.revoke(BigInteger.ONE, 1).encode());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void isRefusedForItsOwnReason(String what, Code code, byte[] list) {
        assertThat(code(list)).as(what).isEqualTo(code);
    }

    @Test
    void aCaThatMayNotSignListsSignsNone() {
        KeyPair keys = Authority.newKeys("EC");
        X509Certificate leaf = CA.issue(Issuance.named("leaf").valid(NOW, VALIDITY), keys.getPublic());
        byte[] list = IssuedCrl.of(Authority.of(leaf, keys.getPrivate()), NOW, VALIDITY)
                .encode();

        assertThat(code(new ByteArrayInputStream(list), leaf)).isEqualTo(Code.UNAUTHORIZED_SIGNER);
    }

    @Test
    void entriesInAnyOrderAndTwiceCount() {
        IssuedCrl list = list();
        for (int serial : new int[] {9, 3, 7, 3, 1, 9, 300, -5, 3}) {
            list = list.revoke(BigInteger.valueOf(serial), 1);
        }

        CrlReading reading = read(new ByteArrayInputStream(list.encode()), CA.certificate());

        assertThat(reading).isInstanceOfSatisfying(CrlReading.Verified.class, verified -> {
            RevokedSerials revoked = verified.crl().revoked();
            assertThat(revoked.size()).isEqualTo(6);
            for (int serial : new int[] {1, 3, 7, 9, 300, -5}) {
                assertThat(revoked.find(BigInteger.valueOf(serial))).isNotNull();
            }
            assertThat(revoked.find(BigInteger.valueOf(5))).isNull();
        });
    }

    @Test
    void nothingIsReadOfAListThatIsCut() {
        byte[] list = list().number(1).revoke(SERIAL, 1).encode();

        for (int length = 0; length < list.length; length++) {
            assertThat(code(Arrays.copyOf(list, length))).as("%d bytes", length).isEqualTo(Code.MALFORMED);
        }
        assertThat(code(Arrays.copyOf(list, list.length + 1))).isEqualTo(Code.MALFORMED);
    }

    @Test
    void nothingIsReadOfAListWithABitTurnedOver() {
        byte[] list = list().number(1)
                .revoke(SERIAL, 1)
                .partition("http://ca.example/1.crl")
                .encode();

        for (int bit = 0; bit < list.length * 8; bit++) {
            byte[] mutant = list.clone();
            mutant[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(read(new ByteArrayInputStream(mutant), CA.certificate()))
                    .as("bit %d", bit)
                    .isInstanceOf(CrlReading.Unusable.class);
        }
    }

    @Test
    void whatIsNotInDerIsRefused() throws IOException {
        ASN1Sequence list = ASN1Sequence.getInstance(list().encode());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new BERSequence(list.toArray()).getEncoded("BER"));

        assertThat(code(out.toByteArray())).isEqualTo(Code.MALFORMED);
        assertThat(code("<html>log in</html>".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(Code.MALFORMED);
    }

    /** Lengths up to 2 GiB, behind which little comes: none of it may be allocated. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "30847fffffff",
                "30847fffffff30847ffffff0",
                "30847fffffff30847ffffff002847fffff00",
                "30847fffffff30847ffffff030847fffff00",
                "30847fffffff30847ffffff03006060155300002847fffff00",
                "3084ffffffff",
                "3080",
                "3089010000000000000000"
            })
    void aLengthIsNotBelieved(String start) {
        byte[] head = HexFormat.of().parseHex(start);
        InputStream endless = new SequenceInputStream(new ByteArrayInputStream(head), new Zeros(512L << 20));

        assertThat(code(endless, CA.certificate())).isEqualTo(Code.MALFORMED);
    }

    /** So many zero bytes. */
    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long count) {
            left = count;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int count = (int) Math.min(length, left);
            Arrays.fill(target, offset, offset + count, (byte) 0);
            left -= count;
            return count == 0 && length > 0 ? -1 : count;
        }
    }

    private static Authority authority(String name) {
        return Authority.root(name, NOW.minus(Duration.ofDays(9)), Duration.ofDays(900));
    }

    private static IssuedCrl list() {
        return IssuedCrl.of(CA, NOW, VALIDITY);
    }

    private static Code code(byte[] list) {
        return code(new ByteArrayInputStream(list), CA.certificate());
    }

    private static Code code(InputStream list, X509Certificate issuer) {
        CrlReading reading = read(list, issuer);
        assertThat(reading).isInstanceOf(CrlReading.Unusable.class);
        return ((CrlReading.Unusable) reading).reasons().getFirst().code();
    }

    private static CrlReading read(InputStream list, X509Certificate issuer) {
        return new CrlReader(Scene.SKEW).read(list, issuer, NOW, Long.MAX_VALUE);
    }
}
