package io.staplegate.ocsp;

import java.security.cert.X509Certificate;

/** What names a certificate to a responder: hash algorithm, issuer name hash, issuer key hash, serial (R1). */
public final class CertId {
    private CertId() {}

    public static CertId of(CertIdHash hash, X509Certificate certificate, X509Certificate issuer) {
        throw new UnsupportedOperationException(hash + " " + certificate + issuer);
    }

    /** A name that is unique to this CertID and safe as a file name: lower-case hex, fixed length. */
    public String fileName() {
        throw new UnsupportedOperationException();
    }
}
