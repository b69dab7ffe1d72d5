package io.staplegate.ocsp;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.IssuedCrl;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.URI;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lists say, and of whom. */
final class CrlReaderTest {
    private static final Instant NOW = Scene.NOW;
    private static final Duration VALIDITY = Duration.ofDays(4);
    private static final Authority CA = Authority.root("CA", NOW.minus(Duration.ofDays(9)), Duration.ofDays(900));
    private static final BigInteger SERIAL = new BigInteger("73b1d8a9e4c05f266a0b1c2d3e4f50617283940a", 16);
    private static final String URL = "http://ca.example/1.crl";

    @Test
    void saysWhoIsRevokedSinceWhenAndWhy() throws Exception {
        byte[] keyId = CA.certificate().getExtensionValue(Extension.subjectKeyIdentifier.getId());
        assertThat(keyId).isNotNull();
        IssuedCrl list = list().number(7)
                .deltasAt("http://ca.example/delta.crl")
                .with(
                        Extension.authorityKeyIdentifier,
                        false,
                        new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(CA.certificate()))
                .revoke(SERIAL, 1)
                .revoke(BigInteger.TWO);

        Crl crl = read(list);

        assertThat(crl.thisUpdate()).isEqualTo(NOW);
        assertThat(crl.nextUpdate()).isEqualTo(NOW.plus(VALIDITY));
        assertThat(crl.number()).isEqualTo(7);
        assertThat(crl.isDelta()).isFalse();
        assertThat(crl.deltas()).containsExactly(URI.create("http://ca.example/delta.crl"));
        assertThat(crl.revoked().size()).isEqualTo(2);
        assertThat(crl.revocation(SERIAL, null)).isEqualTo(new Revocation(NOW, RevocationReason.KEY_COMPROMISE));
        assertThat(crl.revocation(BigInteger.TWO, null)).isEqualTo(new Revocation(NOW, RevocationReason.UNSPECIFIED));
        assertThat(crl.revocation(BigInteger.ONE, null)).isNull();
    }

    @Test
    void aListMayBeEmptyAndSayNothingMore() {
        Crl crl = read(list());

        assertThat(crl.revoked().size()).isZero();
        assertThat(crl.number()).isNull();
    }

    @Test
    void aListThatHasEndedIsReadForItsReaderToSee() {
        Instant yesterday = NOW.minus(Duration.ofDays(1));
        assertThat(read(list().valid(yesterday, NOW.minusSeconds(1))).nextUpdate())
                .isBefore(NOW);
    }

    @Test
    void timesBehind2049AreRead() {
        Instant late = Instant.parse("2051-01-02T03:04:05Z");
        assertThat(read(list().valid(NOW, late)).nextUpdate()).isEqualTo(late);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "P-384", "RSA", "Ed25519"})
    void everyKindOfKeyVerifies(String kind) {
        KeyPair keys = Authority.newKeys(kind);
        X509Certificate certificate = CA.issue(
                Issuance.named("Sub CA").authority().valid(NOW.minus(Duration.ofDays(1)), VALIDITY), keys.getPublic());
        Authority other = Authority.of(certificate, keys.getPrivate());
        byte[] list = many(IssuedCrl.of(other, NOW, VALIDITY), 4_000).encode();

        assertThat(list.length).isGreaterThan(100_000);
        assertThat(verdict(list, certificate)).isInstanceOf(CrlReading.Verified.class);

        list[list.length / 2] ^= 1;
        assertThat(verdict(list, certificate)).isInstanceOf(CrlReading.Unusable.class);
    }

    @Test
    void aDeltaChangesWhatTheBaseSays() {
        BigInteger held = BigInteger.valueOf(6);
        Crl base = read(list().number(10).revoke(held, 6).revoke(SERIAL, 1));
        Crl delta = read(list().number(12).deltaTo(10).revoke(held, 8).revoke(BigInteger.TWO, 6));

        assertThat(delta.updates(base)).isTrue();
        assertThat(base.revocation(held, null)).isEqualTo(new Revocation(NOW, RevocationReason.CERTIFICATE_HOLD));
        assertThat(base.revocation(held, delta)).isNull();
        assertThat(base.revocation(SERIAL, delta)).isNotNull();
        assertThat(base.revocation(BigInteger.TWO, null)).isNull();
        assertThat(base.revocation(BigInteger.TWO, delta)).isNotNull();
    }

    /** RFC 5280 §5.2.4 (c) and (d). */
    @Test
    void aDeltaFitsToListsFromItsBaseOnThatAreOlderThanItself() {
        Crl delta = read(list().number(12).deltaTo(10));

        for (int number = 8; number <= 14; number++) {
            Crl base = read(list().number(number));
            assertThat(delta.updates(base)).as("base %d", number).isEqualTo(number == 10 || number == 11);
            assertThat(delta.isTooNewFor(base)).as("base %d", number).isEqualTo(number < 10);
            assertThat(base.updates(delta)).isFalse();
        }
        assertThat(delta.updates(read(list()))).as("a base without number").isFalse();
        assertThat(delta.updates(read(list().number(10).partition(URL))))
                .as("another scope")
                .isFalse();
        assertThat(delta.updates(delta)).isFalse();
    }

    @Test
    void aPartitionCoversThoseThatNameIt() {
        CrlScope scope = read(list().partition(URL)).scope();

        assertThat(scope.covers(device(URL))).isTrue();
        assertThat(scope.covers(device("http://ca.example/2.crl"))).isFalse();
        assertThat(scope.covers(leaf(Issuance.named("device")))).isFalse();
        assertThat(read(list()).scope().covers(device(URL))).isTrue();
    }

    @Test
    void aListIsOfUsersOrOfAuthorities() {
        X509Certificate device = leaf(Issuance.named("device"));
        X509Certificate authority = leaf(Issuance.named("Sub CA").authority());

        CrlScope users = scope(new IssuingDistributionPoint(null, true, false, null, false, false));
        CrlScope authorities = scope(new IssuingDistributionPoint(null, false, true, null, false, false));
        CrlScope attributes = scope(new IssuingDistributionPoint(null, false, false, null, false, true));

        assertThat(users.covers(device)).isTrue();
        assertThat(users.covers(authority)).isFalse();
        assertThat(authorities.covers(device)).isFalse();
        assertThat(authorities.covers(authority)).isTrue();
        assertThat(attributes.covers(device) || attributes.covers(authority)).isFalse();
    }

    @Test
    void aRemovalFromACompleteListIsNoRevocation() {
        assertThat(read(list().revoke(SERIAL, 8)).revocation(SERIAL, null)).isNull();
    }

    @Test
    void itsIssuerCanBeSeenFirst() {
        byte[] list = many(list(), 10).encode();

        assertThat(CrlReader.issuer(new ByteArrayInputStream(list))).isEqualTo(new X500Principal("CN=CA"));
        assertThat(CrlReader.issuer(new ByteArrayInputStream(Arrays.copyOf(list, 20))))
                .isNull();
    }

    @Test
    void aListMayTakeNoMoreMemoryThanThereIs() {
        byte[] list = many(list(), 1_000).encode();
        CrlReader reader = new CrlReader(Scene.SKEW);
        X509Certificate issuer = CA.certificate();

        assertThat(reader.read(new ByteArrayInputStream(list), issuer, NOW, 23_000))
                .isInstanceOf(CrlReading.Verified.class);
        assertThat(reader.read(new ByteArrayInputStream(list), issuer, NOW, 22_999))
                .isInstanceOfSatisfying(
                        CrlReading.Unusable.class,
                        unusable -> assertThat(unusable.reasons())
                                .extracting(Verdict.Reason::code)
                                .containsExactly(Verdict.Code.OVERSIZE));
    }

    private static IssuedCrl list() {
        return IssuedCrl.of(CA, NOW, VALIDITY);
    }

    private static IssuedCrl many(IssuedCrl list, int count) {
        IssuedCrl longer = list;
        for (int i = 0; i < count; i++) {
            longer = longer.revoke(SERIAL.subtract(BigInteger.valueOf(i)));
        }
        return longer;
    }

    private static X509Certificate device(String url) {
        DistributionPoint point = new DistributionPoint(IssuedCrl.point(url), null, null);
        return leaf(Issuance.named("device")
                .with(Extension.cRLDistributionPoints, new CRLDistPoint(new DistributionPoint[] {point})));
    }

    private static X509Certificate leaf(Issuance issuance) {
        return CA.issue(issuance.valid(NOW, VALIDITY), Authority.newKeys("EC").getPublic());
    }

    private static CrlScope scope(IssuingDistributionPoint point) {
        return read(list().with(Extension.issuingDistributionPoint, true, point))
                .scope();
    }

    private static Crl read(IssuedCrl list) {
        CrlReading reading = verdict(list.encode(), CA.certificate());
        assertThat(reading).isInstanceOf(CrlReading.Verified.class);
        return ((CrlReading.Verified) reading).crl();
    }

    private static CrlReading verdict(byte[] list, X509Certificate issuer) {
        return new CrlReader(Scene.SKEW).read(new ByteArrayInputStream(list), issuer, NOW, Long.MAX_VALUE);
    }
}
