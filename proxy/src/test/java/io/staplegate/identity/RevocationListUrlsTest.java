package io.staplegate.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.junit.jupiter.api.Test;

/** Where a certificate says that revocation lists are. */
final class RevocationListUrlsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final Authority CA = Authority.root("CA", NOW, Duration.ofDays(10));

    @Test
    void theHttpUrlsOfEveryPointCount() {
        GeneralName directory = new GeneralName(GeneralName.directoryName, new X500Name("CN=CA"));
        X509Certificate certificate = certificate(new CRLDistPoint(new DistributionPoint[] {
            point(url("ldap://ca.example/cn=CA"), url("http://ca.example/a.crl"), directory),
            point(url("https://ca.example/b.crl"), url("http://ca.example/a.crl"), url("no url")),
            new DistributionPoint(null, null, new GeneralNames(directory))
        }));

        assertThat(Extensions.revocationLists(certificate))
                .containsExactly(URI.create("http://ca.example/a.crl"), URI.create("https://ca.example/b.crl"));
    }

    @Test
    void anExtensionThatCannotBeDecodedCountsAsAbsent() {
        assertThat(Extensions.revocationLists(certificate(new DEROctetString(new byte[1]))))
                .isEmpty();
        assertThat(Extensions.revocationLists(CA.certificate())).isEmpty();
    }

    private static X509Certificate certificate(ASN1Encodable points) {
        return CA.issue(
                Issuance.named("leaf").valid(NOW, Duration.ofDays(1)).with(Extension.cRLDistributionPoints, points),
                CA.keys().getPublic());
    }

    private static DistributionPoint point(GeneralName... names) {
        return new DistributionPoint(new DistributionPointName(new GeneralNames(names)), null, null);
    }

    private static GeneralName url(String url) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, url);
    }
}
