package io.staplegate.identity;

import io.staplegate.ocsp.DistributionPoints;
import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.jspecify.annotations.Nullable;

/** What a certificate's extensions say. An extension that cannot be decoded counts as absent. */
public final class Extensions {
    private static final ASN1ObjectIdentifier TLS_FEATURE = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.24");
    private static final int DNS_NAME = 2;

    private Extensions() {}

    /** The OCSP responders that a certificate names (RFC 5280 §4.2.2.1), in its order; http and https only. */
    public static List<URI> responders(X509Certificate certificate) {
        ASN1Primitive value = value(certificate, Extension.authorityInfoAccess);
        if (value == null) {
            return List.of();
        }
        List<URI> responders = new ArrayList<>();
        try {
            for (var access : AuthorityInformationAccess.getInstance(value).getAccessDescriptions()) {
                URI location = location(access);
                if (location != null) {
                    responders.add(location);
                }
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            return List.of();
        }
        return List.copyOf(responders);
    }

    /** Where the revocation lists are that a certificate may be on (RFC 5280 §4.2.1.13); http and https only. */
    public static List<URI> revocationLists(X509Certificate certificate) {
        return DistributionPoints.of(certificate).urls();
    }

    private static @Nullable URI location(AccessDescription access) {
        GeneralName name = access.getAccessLocation();
        if (!access.getAccessMethod().equals(AccessDescription.id_ad_ocsp)
                || name.getTagNo() != GeneralName.uniformResourceIdentifier) {
            return null;
        }
        try {
            URI location = URI.create(name.getName().toString());
            boolean web =
                    "http".equalsIgnoreCase(location.getScheme()) || "https".equalsIgnoreCase(location.getScheme());
            return web && location.getHost() != null ? location : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The TLS extensions that a certificate demands of its server (RFC 7633); 5 is status_request. */
    static Set<Integer> tlsFeatures(X509Certificate certificate) {
        ASN1Primitive value = value(certificate, TLS_FEATURE);
        if (value == null) {
            return Set.of();
        }
        try {
            Set<Integer> features = new TreeSet<>();
            for (ASN1Encodable feature : ASN1Sequence.getInstance(value)) {
                features.add(ASN1Integer.getInstance(feature).intValueExact());
            }
            return features;
        } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
            return Set.of();
        }
    }

    /** The DNS names among a certificate's subject alternative names, as written. */
    static List<String> dnsNames(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.get(0).equals(DNS_NAME))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    /** The purposes of an extended key usage, as object identifiers; empty where there is none. */
    static List<String> purposes(X509Certificate certificate) {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            return purposes == null ? List.of() : purposes;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    static @Nullable ASN1Primitive value(X509Certificate certificate, ASN1ObjectIdentifier extension) {
        byte[] octets = certificate.getExtensionValue(extension.getId());
        try {
            return octets == null ? null : JcaX509ExtensionUtils.parseExtensionValue(octets);
        } catch (IOException e) {
            return null;
        }
    }
}
