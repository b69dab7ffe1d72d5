package io.staplegate.ocsp;

import io.staplegate.ocsp.ParsedResponse.Basic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DLSequence;
import org.bouncycastle.asn1.DLTaggedObject;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponseStatus;
import org.bouncycastle.asn1.ocsp.ResponseBytes;
import org.bouncycastle.asn1.x509.Certificate;

/**
 * Makes a response fit for devices: no certificate in it that they are sent anyway, none missing that they need. The
 * {@code certs} field is outside the signature (R55).
 *
 * <p>A delegate's certificate always stays. The issuer's is put in where the response names its signer by key and the
 * issuer is not sent: GnuTLS finds a signer that is not sent only by name.
 */
public final class Dressing {
    private Dressing() {}

    /**
     * The response with the {@code certs} that a device needs, otherwise byte-identical. What no known signer signed is
     * returned as it is: the validator refuses it.
     *
     * @param issuer of the certificate that the response is about
     * @param sent the chain as it is sent to devices
     */
    public static byte[] dress(byte[] response, X509Certificate issuer, List<X509Certificate> sent) {
        if (!(ResponseParser.parse(response) instanceof Basic basic)) {
            return response;
        }
        Signer signer = Signer.of(basic, issuer);
        if (!signer.reasons().isEmpty()) {
            return response;
        }
        byte[] dressed = withCertificates(basic, needed(basic, signer, issuer, sent));
        return Arrays.equals(dressed, response) ? response : dressed;
    }

    private static List<X509Certificate> needed(
            Basic response, Signer signer, X509Certificate issuer, List<X509Certificate> sent) {
        if (signer.delegate() != null) {
            return List.of(signer.delegate());
        }
        boolean found = response.responder().name() != null || sent.stream().anyMatch(response.responder()::names);
        return found ? List.of() : List.of(issuer);
    }

    private static byte[] withCertificates(Basic response, List<X509Certificate> certificates) {
        var elements = new ASN1EncodableVector();
        for (int i = 0; i < 3; i++) {
            elements.add(response.structure().getObjectAt(i));
        }
        try {
            if (!certificates.isEmpty()) {
                var list = new ASN1EncodableVector();
                for (X509Certificate certificate : certificates) {
                    list.add(Certificate.getInstance(certificate.getEncoded()));
                }
                elements.add(new DLTaggedObject(true, 0, new DLSequence(list)));
            }
            byte[] basic = new DLSequence(elements).getEncoded(ASN1Encoding.DL);
            var bytes = new ResponseBytes(OCSPObjectIdentifiers.id_pkix_ocsp_basic, new DEROctetString(basic));
            return new OCSPResponse(new OCSPResponseStatus(OCSPResponseStatus.SUCCESSFUL), bytes)
                    .getEncoded(ASN1Encoding.DER);
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has no encoding", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
