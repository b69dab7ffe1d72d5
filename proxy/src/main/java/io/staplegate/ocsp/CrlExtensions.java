package io.staplegate.ocsp;

import java.math.BigInteger;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.jspecify.annotations.Nullable;

/**
 * What the extensions of a revocation list say (RFC 5280 §5.2).
 *
 * @param keyId of the key that signed it; null where it does not say
 * @param number null where it does not say
 * @param base the number of the list that it is a delta to; null: it is none
 * @param point null: it is the only list of its CA
 * @param deltas where delta lists are
 * @param notUnderstood critical ones
 */
record CrlExtensions(
        byte @Nullable [] keyId,
        @Nullable BigInteger number,
        @Nullable BigInteger base,
        @Nullable IssuingDistributionPoint point,
        List<URI> deltas,
        Set<String> notUnderstood) {

    static final CrlExtensions NONE = new CrlExtensions(null, null, null, null, List.of(), Set.of());

    private static final Set<ASN1ObjectIdentifier> OF_LIST = Set.of(
            Extension.authorityKeyIdentifier,
            Extension.cRLNumber,
            Extension.deltaCRLIndicator,
            Extension.issuingDistributionPoint,
            Extension.freshestCRL);

    /** When the key was lost says nothing of whether a certificate is revoked. */
    private static final Set<ASN1ObjectIdentifier> OF_ENTRY = Set.of(Extension.reasonCode, Extension.invalidityDate);

    static CrlExtensions of(Extensions extensions) {
        ASN1Encodable keyId = extensions.getExtensionParsedValue(Extension.authorityKeyIdentifier);
        ASN1Encodable point = extensions.getExtensionParsedValue(Extension.issuingDistributionPoint);
        ASN1Encodable deltas = extensions.getExtensionParsedValue(Extension.freshestCRL);
        return new CrlExtensions(
                keyId == null ? null : AuthorityKeyIdentifier.getInstance(keyId).getKeyIdentifierOctets(),
                number(extensions, Extension.cRLNumber),
                number(extensions, Extension.deltaCRLIndicator),
                point == null ? null : IssuingDistributionPoint.getInstance(point),
                deltas == null
                        ? List.of()
                        : DistributionPoints.of(CRLDistPoint.getInstance(deltas))
                                .urls(),
                notUnderstood(extensions, OF_LIST));
    }

    /** Critical extensions of an entry that are not understood. */
    static Set<String> notUnderstoodOfEntry(Extensions extensions) {
        return notUnderstood(extensions, OF_ENTRY);
    }

    /** Why an entry is on the list (RFC 5280 §5.3.1). */
    static RevocationReason reason(Extensions extensions) {
        ASN1Encodable code = extensions.getExtensionParsedValue(Extension.reasonCode);
        return code == null
                ? RevocationReason.UNSPECIFIED
                : RevocationReason.of(ASN1Enumerated.getInstance(code).intValueExact());
    }

    private static @Nullable BigInteger number(Extensions extensions, ASN1ObjectIdentifier name) {
        ASN1Encodable value = extensions.getExtensionParsedValue(name);
        return value == null ? null : ASN1Integer.getInstance(value).getValue();
    }

    private static Set<String> notUnderstood(Extensions extensions, Set<ASN1ObjectIdentifier> understood) {
        Set<String> names = new LinkedHashSet<>();
        for (ASN1ObjectIdentifier name : extensions.getCriticalExtensionOIDs()) {
            if (!understood.contains(name)) {
                names.add(name.getId());
            }
        }
        return names;
    }
}
