package io.staplegate.device;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.staplegate.identity.DenyList;
import io.staplegate.identity.DevicePath;
import io.staplegate.identity.Extensions;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * What a device has shown: the certificates of its path that can be revoked, its own first. A trust anchor is none of
 * them: whoever does not trust it any more takes it out of the bundle. Immutable.
 *
 * @param name what the device is called by; null: nothing
 */
record Papers(@Nullable String name, List<Credential> credentials) {

    /** Reads what devices show. What many of them have in common is held once. Safe for use by any thread. */
    static final class Reader {
        private static final int MOST_SHARED = 10_000;

        private final List<URI> responders;
        private final Cache<Issuer, Issuer> shared =
                Caffeine.newBuilder().maximumSize(MOST_SHARED).build();

        /** {@code responders}: those that are asked about devices; none: those that their certificates name. */
        Reader(List<URI> responders) {
            this.responders = responders;
        }

        Papers read(DevicePath path) {
            List<X509Certificate> certificates = path.certificates();
            int anchor = certificates.size() - 1;
            List<Credential> credentials = new ArrayList<>(anchor);
            for (int i = 0; i < Math.max(1, anchor); i++) {
                X509Certificate certificate = certificates.get(i);
                Issuer issuer = new Issuer(
                        certificates.get(Math.min(i + 1, anchor)),
                        responders(i, certificate),
                        Extensions.revocationLists(certificate));
                credentials.add(Credential.of(certificate, shared(issuer), i > 0, i == 0 ? path.staple() : null));
            }
            return new Papers(path.name(), List.copyOf(credentials));
        }

        /** Those of the configuration speak of devices: nobody says that they know the CAs above as well. */
        private List<URI> responders(int depth, X509Certificate certificate) {
            return depth == 0 && !responders.isEmpty() ? responders : Extensions.responders(certificate);
        }

        private Issuer shared(Issuer issuer) {
            return shared.get(issuer, first -> first);
        }
    }

    /** The device's own. */
    Credential leaf() {
        return credentials.getFirst();
    }

    Papers compact() {
        return new Papers(name, credentials.stream().map(Credential::compact).toList());
    }

    /** Whether a CA of this name has issued one of them. */
    boolean isBelow(X500Principal authority) {
        return credentials.stream()
                .anyMatch(credential -> credential
                        .issuer()
                        .certificate()
                        .getSubjectX500Principal()
                        .equals(authority));
    }

    boolean isOn(DenyList list) {
        return list.hasName(name) || credentials.stream().anyMatch(credential -> credential.isOn(list));
    }
}
