package io.staplegate.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.TBSCertificate;

/**
 * The forms in which a holder can show one certificate. A signature does not cover how it is written itself: of an
 * ECDSA signature (r, s), (r, n - s) is one too, and the algorithm and the unused bits beside it are anybody's. So a
 * device can change the SHA-256 of its certificate and needs no CA for that.
 */
public final class CertificateForms {
    private CertificateForms() {}

    /**
     * The fingerprints of all of them: one or two, that of what the CA issued among them, and that of the certificate
     * as it is, which is the first.
     *
     * @param issuer the key that has verified its signature
     */
    public static List<Fingerprint> fingerprints(X509Certificate certificate, PublicKey issuer) {
        Set<Fingerprint> fingerprints = new LinkedHashSet<>();
        fingerprints.add(Fingerprint.of(certificate));
        try {
            TBSCertificate signed = TBSCertificate.getInstance(certificate.getTBSCertificate());
            for (byte[] signature : signatures(certificate.getSignature(), issuer)) {
                DERSequence form = new DERSequence(
                        new ASN1Encodable[] {signed, signed.getSignature(), new DERBitString(signature)});
                fingerprints.add(Fingerprint.ofEncoded(form.getEncoded(ASN1Encoding.DER)));
            }
        } catch (CertificateEncodingException | IOException e) {
            throw new IllegalStateException("a certificate that was validated has no encoding", e);
        }
        return List.copyOf(fingerprints);
    }

    private static List<byte[]> signatures(byte[] signature, PublicKey issuer) throws IOException {
        if (!(issuer instanceof ECPublicKey key)) {
            return List.of(signature);
        }
        ASN1Sequence values = ASN1Sequence.getInstance(signature);
        BigInteger r = ASN1Integer.getInstance(values.getObjectAt(0)).getPositiveValue();
        BigInteger s = ASN1Integer.getInstance(values.getObjectAt(1)).getPositiveValue();
        return List.of(written(r, s), written(r, key.getParams().getOrder().subtract(s)));
    }

    private static byte[] written(BigInteger r, BigInteger s) throws IOException {
        return new DERSequence(new ASN1Integer(r), new ASN1Integer(s)).getEncoded(ASN1Encoding.DER);
    }
}
