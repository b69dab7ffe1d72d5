package io.staplegate.ocsp;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.bouncycastle.asn1.ocsp.Request;
import org.bouncycastle.asn1.ocsp.TBSRequest;
import org.bouncycastle.asn1.x509.Extensions;

/** An OCSP request: one CertID, no extension, so that caches between here and the CA can answer it (R10). */
public final class OcspRequest {
    private OcspRequest() {}

    /** The request in DER. */
    public static byte[] encode(CertId certId) {
        var list = new DERSequence(new Request(certId.structure(), null));
        try {
            return new OCSPRequest(new TBSRequest(null, list, (Extensions) null), null).getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
