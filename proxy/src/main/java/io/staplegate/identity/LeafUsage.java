package io.staplegate.identity;

import java.io.IOException;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Set;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * What a device's own certificate must be for: to authenticate a TLS client, with signatures, where it limits that at
 * all (RFC 5280 §4.2.1.3, §4.2.1.12); and it must be no CA's, whose key has no business in the field.
 */
final class LeafUsage {
    private static final int NO_AUTHORITY = -2;

    private LeafUsage() {}

    /** Selects one certificate, where it is for that. */
    static X509CertSelector of(X509Certificate leaf) {
        X509CertSelector selector = new X509CertSelector();
        selector.setCertificate(leaf);
        selector.setBasicConstraints(NO_AUTHORITY);
        selector.setKeyUsage(new boolean[] {true}); // digitalSignature
        try {
            selector.setExtendedKeyUsage(Set.of(KeyPurposeId.id_kp_clientAuth.getId()));
        } catch (IOException e) {
            throw new IllegalStateException("a purpose is an object identifier", e);
        }
        return selector;
    }
}
