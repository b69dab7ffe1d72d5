package io.staplegate.ocsp;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.TBSCertList;
import org.jspecify.annotations.Nullable;

/**
 * A revocation list taken apart, but for its entries: there may be a million of them. Nothing in it is verified.
 *
 * @param signedBytes the encoded tbsCertList, as it came
 * @param nextUpdate null where the list does not say
 * @param number null where the list does not say
 * @param unsupported critical extensions that are not understood
 */
record ParsedCrl(
        X500Principal issuer,
        byte[] signedBytes,
        AlgorithmIdentifier algorithm,
        byte[] signature,
        Instant thisUpdate,
        @Nullable Instant nextUpdate,
        @Nullable BigInteger number,
        boolean isDelta,
        boolean isIndirect,
        Set<String> unsupported) {

    private static final Set<ASN1ObjectIdentifier> UNDERSTOOD = Set.of(
            Extension.authorityKeyIdentifier,
            Extension.cRLNumber,
            Extension.deltaCRLIndicator,
            Extension.issuingDistributionPoint);

    /** Takes a list apart. Bouncy Castle reports malformed structures by RuntimeExceptions of many kinds, too. */
    static ParsedCrl of(byte[] der) throws IOException {
        // Lazy: the entries stay bytes.
        try (ASN1InputStream in = new ASN1InputStream(der, true)) {
            ASN1Sequence list = ASN1Sequence.getInstance(in.readObject());
            if (list == null || !Arrays.equals(der, list.getEncoded())) {
                throw new IOException("it is not in DER");
            }
            return parse(der, list);
        }
    }

    private static ParsedCrl parse(byte[] der, ASN1Sequence list) throws IOException {
        if (list.size() != 3) {
            throw new IOException("there are " + list.size() + " elements in the list");
        }
        int signedLength = list.getObjectAt(0).toASN1Primitive().getEncoded().length;
        AlgorithmIdentifier algorithm = AlgorithmIdentifier.getInstance(list.getObjectAt(1));
        ASN1BitString signature = ASN1BitString.getInstance(list.getObjectAt(2));
        int restLength = algorithm.getEncoded(ASN1Encoding.DL).length + signature.getEncoded(ASN1Encoding.DL).length;
        byte[] signed = Arrays.copyOfRange(der, der.length - restLength - signedLength, der.length - restLength);

        TBSCertList content = TBSCertList.getInstance(list.getObjectAt(0));
        if (!content.getSignature().equals(algorithm)) {
            throw new IOException("it names two signature algorithms (RFC 5280 §5.1.1.2)");
        }
        Extensions extensions = content.getExtensions();
        return new ParsedCrl(
                new X500Principal(content.getIssuer().getEncoded()),
                signed,
                algorithm,
                signature.getOctets(),
                content.getThisUpdate().getDate().toInstant(),
                content.getNextUpdate() == null
                        ? null
                        : content.getNextUpdate().getDate().toInstant(),
                number(extensions),
                extensions != null && extensions.getExtension(Extension.deltaCRLIndicator) != null,
                isIndirect(extensions),
                notUnderstood(extensions));
    }

    private static @Nullable BigInteger number(@Nullable Extensions extensions) {
        Extension number = extensions == null ? null : extensions.getExtension(Extension.cRLNumber);
        return number == null
                ? null
                : CRLNumber.getInstance(number.getParsedValue()).getCRLNumber();
    }

    private static boolean isIndirect(@Nullable Extensions extensions) {
        Extension point = extensions == null ? null : extensions.getExtension(Extension.issuingDistributionPoint);
        return point != null
                && IssuingDistributionPoint.getInstance(point.getParsedValue()).isIndirectCRL();
    }

    private static Set<String> notUnderstood(@Nullable Extensions extensions) {
        Set<String> names = new LinkedHashSet<>();
        if (extensions != null) {
            for (ASN1ObjectIdentifier name : extensions.getCriticalExtensionOIDs()) {
                if (!UNDERSTOOD.contains(name)) {
                    names.add(name.getId());
                }
            }
        }
        return names;
    }
}
