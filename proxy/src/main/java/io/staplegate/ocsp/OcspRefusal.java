package io.staplegate.ocsp;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponseStatus;

/** A response that answers nothing, and is not signed (RFC 6960 §2.3). */
public enum OcspRefusal {
    MALFORMED_REQUEST(OCSPResponseStatus.MALFORMED_REQUEST),
    TRY_LATER(OCSPResponseStatus.TRY_LATER),
    UNAUTHORIZED(OCSPResponseStatus.UNAUTHORIZED);

    private final int status;

    OcspRefusal(int status) {
        this.status = status;
    }

    /** The OCSPResponse in DER; a new array each time. */
    public byte[] encode() {
        try {
            return new OCSPResponse(new OCSPResponseStatus(status), null).getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
