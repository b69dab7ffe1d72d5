package io.staplegate.handshake;

import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponseStatus;

/** An OCSP response that the engine sends as it came: neither parsed nor encoded again for each handshake. */
final class SentResponse extends OCSPResponse {
    private final byte[] der;

    SentResponse(byte[] der) {
        super(new OCSPResponseStatus(OCSPResponseStatus.SUCCESSFUL), null);
        this.der = der;
    }

    @Override
    public byte[] getEncoded(String encoding) {
        return der;
    }
}
