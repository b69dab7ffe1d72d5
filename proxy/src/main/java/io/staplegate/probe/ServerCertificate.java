package io.staplegate.probe;

import java.io.IOException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.est.jcajce.JsseDefaultHostnameAuthorizer;

/** Whether a certificate is one for the server that was meant: its names (RFC 6125) and its purpose. */
final class ServerCertificate {
    private static final String SERVER_AUTH = KeyPurposeId.id_kp_serverAuth.getId();
    private static final String ANY_PURPOSE = KeyPurposeId.anyExtendedKeyUsage.getId();

    private ServerCertificate() {}

    /** What speaks against the certificate, where a name, or an address, was connected to. */
    static List<String> faults(X509Certificate certificate, String name) {
        List<String> faults = new ArrayList<>();
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            if (purposes != null && !purposes.contains(SERVER_AUTH) && !purposes.contains(ANY_PURPOSE)) {
                faults.add("it is not for servers (extended key usage)");
            }
            if (!isFor(certificate, name)) {
                faults.add("it is not for \"" + name + "\"");
            }
        } catch (CertificateParsingException | IOException e) {
            faults.add("its names cannot be read: " + e.getMessage());
        }
        return faults;
    }

    /** By subject alternative names alone: the library would look at the common name where there are none. */
    private static boolean isFor(X509Certificate certificate, String name)
            throws CertificateParsingException, IOException {
        return certificate.getSubjectAlternativeNames() != null
                && new JsseDefaultHostnameAuthorizer(null).verify(name, certificate);
    }
}
