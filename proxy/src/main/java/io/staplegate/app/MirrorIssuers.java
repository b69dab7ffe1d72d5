package io.staplegate.app;

import io.staplegate.config.Configuration;
import io.staplegate.config.MirrorConfig;
import io.staplegate.device.Issuer;
import io.staplegate.identity.Extensions;
import io.staplegate.identity.Identity;
import io.staplegate.identity.IdentityTable;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which CAs a mirror answers for: those that issued the identities' chains, and those of {@code mirror.issuers}. */
final class MirrorIssuers {
    private final Map<X509Certificate, Places> places = new LinkedHashMap<>();

    /** Where to ask about the certificates of one CA, and where its revocation lists are. */
    private record Places(Set<URI> responders, Set<URI> lists) {}

    private MirrorIssuers() {}

    /** {@code table}: what is loaded of this configuration. */
    static List<Issuer> of(Configuration configuration, IdentityTable table) {
        MirrorIssuers issuers = new MirrorIssuers();
        MirrorConfig mirror = configuration.mirror();
        for (int i = 0; mirror != null && i < mirror.issuers().size(); i++) {
            MirrorConfig.Issuer issuer = mirror.issuers().get(i);
            issuers.add(table.mirrorIssuers().get(i), issuer.responders(), issuer.crls());
        }
        table.identities().forEach(issuers::add);
        return issuers.all();
    }

    /** The CAs of an identity's chain, with what the certificates that they issued to it name. */
    private void add(Identity identity) {
        List<URI> configured = identity.config().responders();
        for (int i = 0; i < identity.chain().size(); i++) {
            X509Certificate issuer = identity.issuerOf(i);
            if (issuer != null) {
                X509Certificate certificate = identity.chain().get(i);
                add(
                        issuer,
                        configured.isEmpty() ? Extensions.responders(certificate) : configured,
                        Extensions.revocationLists(certificate));
            }
        }
    }

    private void add(X509Certificate issuer, List<URI> responders, List<URI> lists) {
        Places known = places.computeIfAbsent(issuer, _ -> new Places(new LinkedHashSet<>(), new LinkedHashSet<>()));
        known.responders.addAll(responders);
        known.lists.addAll(lists);
    }

    private List<Issuer> all() {
        List<Issuer> all = new ArrayList<>();
        places.forEach((certificate, known) ->
                all.add(new Issuer(certificate, List.copyOf(known.responders), List.copyOf(known.lists))));
        return all;
    }
}
