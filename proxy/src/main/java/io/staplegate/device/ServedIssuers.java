package io.staplegate.device;

import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.IssuerId;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** The CAs that are answered for, by all that a CertID may call them. Immutable. */
final class ServedIssuers {
    static final ServedIssuers NONE = new ServedIssuers(List.of(), 1);

    private final Map<IssuerId, ServedIssuer> byId = new HashMap<>();

    /**
     * A CA that is answered for.
     *
     * @param asking places for those who ask its responders because somebody waits
     * @param refreshing places for those who do so ahead: a flood of questions leaves them alone
     */
    record ServedIssuer(X509Certificate certificate, List<URI> responders, Semaphore asking, Semaphore refreshing) {}

    /**
     * These CAs; of one that is there twice, all responders.
     *
     * @param perResponder requests at a time to one responder: half of them for those who ask, a quarter for
     *     refreshing; the others are for our own staples, which no flood of questions may hold up
     */
    ServedIssuers(List<Issuer> issuers, int perResponder) {
        Map<IssuerId, List<Issuer>> same = new HashMap<>();
        for (Issuer issuer : issuers) {
            IssuerId id = IssuerId.of(CertIdHash.SHA256, issuer.certificate());
            same.computeIfAbsent(id, _ -> new ArrayList<>()).add(issuer);
        }
        same.values().forEach(group -> add(joined(group, perResponder)));
    }

    /** The CA that issued a certificate; null: it is none of these. */
    @Nullable
    ServedIssuer of(CertId id) {
        return byId.get(id.issuer());
    }

    private void add(ServedIssuer issuer) {
        for (CertIdHash hash : CertIdHash.values()) {
            byId.put(IssuerId.of(hash, issuer.certificate), issuer);
        }
    }

    private static ServedIssuer joined(List<Issuer> same, int perResponder) {
        Set<URI> responders = new LinkedHashSet<>();
        same.forEach(issuer -> responders.addAll(issuer.responders()));
        return new ServedIssuer(
                same.getFirst().certificate(),
                List.copyOf(responders),
                new Semaphore(Math.max(1, perResponder / 2), true),
                new Semaphore(Math.max(1, perResponder / 4), true));
    }
}
