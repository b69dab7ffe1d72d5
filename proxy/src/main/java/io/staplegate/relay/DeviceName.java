package io.staplegate.relay;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** What a device is called by the credentials that it has shown. */
final class DeviceName {
    private DeviceName() {}

    /** Its PSK identity as UTF-8, or the common name of its certificate, or null. */
    static @Nullable String of(SessionFacts facts) {
        byte[] pskIdentity = facts.pskIdentity();
        if (pskIdentity != null) {
            return new String(pskIdentity, StandardCharsets.UTF_8);
        }
        X509Certificate certificate = facts.deviceCertificate();
        return certificate == null ? null : commonName(certificate);
    }

    /** The most specific common name, or null. */
    static @Nullable String commonName(X509Certificate certificate) {
        try {
            String subject = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
            List<Rdn> names = new LdapName(subject).getRdns();
            for (Rdn name : names.reversed()) {
                Attribute attribute = name.toAttributes().get("CN");
                if (attribute != null && attribute.get() instanceof String text) {
                    return text;
                }
            }
            return null;
        } catch (NamingException e) {
            return null;
        }
    }
}
