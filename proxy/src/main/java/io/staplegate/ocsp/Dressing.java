package io.staplegate.ocsp;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Makes a response fit for devices: no certificate in it that they are sent anyway, none missing that they need. The
 * {@code certs} field is outside the signature (R55).
 */
public final class Dressing {
    private Dressing() {}

    /**
     * The response with the {@code certs} that a device needs, otherwise byte-identical.
     *
     * @param issuer of the certificate that the response is about
     * @param sent the chain as it is sent to devices
     */
    public static byte[] dress(byte[] response, X509Certificate issuer, List<X509Certificate> sent) {
        throw new UnsupportedOperationException(response.length + " " + issuer + sent);
    }
}
