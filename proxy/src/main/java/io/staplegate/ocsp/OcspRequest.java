package io.staplegate.ocsp;

/** An OCSP request: one CertID, no extension, so that caches between here and the CA can answer it (R10). */
public final class OcspRequest {
    private OcspRequest() {}

    /** The request in DER. */
    public static byte[] encode(CertId certId) {
        throw new UnsupportedOperationException(String.valueOf(certId.fileName()));
    }
}
