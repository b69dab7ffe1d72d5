package io.staplegate.ocsp;

import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.jspecify.annotations.Nullable;

/**
 * Where revocation lists are (RFC 5280 §4.2.1.13). Names that are relative to the issuer's are left out.
 *
 * @param urls http and https only, in order
 * @param names all of them, whatever they are: in DER, as hex
 */
public record DistributionPoints(List<URI> urls, Set<String> names) {
    private static final DistributionPoints NONE = new DistributionPoints(List.of(), Set.of());

    /** Where the lists are that a certificate may be on; none where it does not say, or cannot be understood. */
    public static DistributionPoints of(X509Certificate certificate) {
        return of(certificate, Extension.cRLDistributionPoints);
    }

    /** Where the delta lists to those are (RFC 5280 §4.2.1.15). */
    public static DistributionPoints deltas(X509Certificate certificate) {
        return of(certificate, Extension.freshestCRL);
    }

    private static DistributionPoints of(X509Certificate certificate, ASN1ObjectIdentifier extension) {
        byte[] octets = certificate.getExtensionValue(extension.getId());
        try {
            return octets == null
                    ? NONE
                    : of(CRLDistPoint.getInstance(JcaX509ExtensionUtils.parseExtensionValue(octets)));
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            return NONE;
        }
    }

    static DistributionPoints of(CRLDistPoint points) {
        List<URI> urls = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        Arrays.stream(points.getDistributionPoints())
                .map(DistributionPoint::getDistributionPoint)
                .flatMap(DistributionPoints::names)
                .forEach(name -> {
                    names.add(encoded(name));
                    URI url = url(name);
                    if (url != null && !urls.contains(url)) {
                        urls.add(url);
                    }
                });
        return new DistributionPoints(List.copyOf(urls), Set.copyOf(names));
    }

    /** The names of one point; none where it is relative. */
    static Stream<GeneralName> names(@Nullable DistributionPointName point) {
        return point == null || point.getType() != DistributionPointName.FULL_NAME
                ? Stream.of()
                : Arrays.stream(GeneralNames.getInstance(point.getName()).getNames());
    }

    /** How a name is told from others. */
    static String encoded(GeneralName name) {
        try {
            return HexFormat.of().formatHex(name.getEncoded("DER"));
        } catch (IOException e) {
            throw new IllegalArgumentException("a name that was decoded cannot be encoded", e);
        }
    }

    /** What a certificate's point is called that has none (RFC 5280 §6.3.3). */
    static String issuerName(X509Certificate certificate) {
        byte[] issuer = certificate.getIssuerX500Principal().getEncoded();
        return encoded(new GeneralName(X500Name.getInstance(issuer)));
    }

    private static @Nullable URI url(GeneralName name) {
        if (name.getTagNo() != GeneralName.uniformResourceIdentifier) {
            return null;
        }
        try {
            URI url = URI.create(name.getName().toString());
            boolean web = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            return web && url.getHost() != null ? url : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
