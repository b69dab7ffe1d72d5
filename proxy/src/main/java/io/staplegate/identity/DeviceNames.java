package io.staplegate.identity;

import java.security.cert.X509Certificate;
import java.util.List;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** The names in the certificates of devices. */
public final class DeviceNames {
    private DeviceNames() {}

    /** The most specific common name of the subject, or null. */
    public static @Nullable String commonName(X509Certificate certificate) {
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
