package io.staplegate.identity;

import io.staplegate.config.ClientAuthConfig.Naming;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** The names in the certificates of devices. */
public final class DeviceNames {
    /** Names go to backends and logs. */
    private static final int MOST_BYTES = 255;

    private static final int DNS_NAME = 2;
    private static final int URI = 6;
    private static final Pattern EUI64 = Pattern.compile("\\p{XDigit}{2}([-:]?\\p{XDigit}{2}){7}");
    private static final Pattern OCTET = Pattern.compile("..(?!$)");

    private DeviceNames() {}

    /** What a device is known by; null where its certificate has no such name, or an unfit one. */
    static @Nullable String name(X509Certificate certificate, Naming naming) {
        String name = switch (naming) {
            case CN -> commonName(certificate);
            case URI -> alternativeName(certificate, URI);
            case DNS -> alternativeName(certificate, DNS_NAME);
            case EUI64 -> eui64(certificate);
        };
        return name == null || isUnfit(name) ? null : name;
    }

    private static boolean isUnfit(String name) {
        return name.isEmpty()
                || name.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES
                || name.chars().anyMatch(Character::isISOControl);
    }

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

    private static @Nullable String alternativeName(X509Certificate certificate, int type) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? null
                    : names.stream()
                            .filter(name -> name.get(0).equals(type))
                            .map(name -> String.valueOf(name.get(1)))
                            .findFirst()
                            .orElse(null);
        } catch (CertificateParsingException e) {
            return null;
        }
    }

    /** As RFC 7925 §4.4.2 writes it: {@code 01-23-45-67-89-AB-CD-EF}. */
    private static @Nullable String eui64(X509Certificate certificate) {
        String name = commonName(certificate);
        if (name == null || !EUI64.matcher(name).matches()) {
            return null;
        }
        String digits = name.replaceAll("[-:]", "").toUpperCase(Locale.ROOT);
        return OCTET.matcher(digits).replaceAll("$0-");
    }
}
