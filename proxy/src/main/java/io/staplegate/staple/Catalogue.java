package io.staplegate.staple;

import io.staplegate.identity.Identity;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.telemetry.Telemetry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which chains are served, and which certificates are tracked for them. Immutable; swapped as a whole. While a change
 * is prepared, there are also the chains that may follow, and their certificates.
 *
 * @param chains those of the table that is served, in its order
 * @param certificates by the key of their target; one for a certificate however many chains it is part of
 * @param byCertId the same, by each CertID that names one
 * @param byIdentity also the chains that are prepared, and those of the table before: handshakes may still be under way
 *     with them
 */
record Catalogue(
        List<PublishedChain> chains,
        Map<String, TrackedCertificate> certificates,
        Map<CertId, TrackedCertificate> byCertId,
        Map<Identity, PublishedChain> byIdentity) {

    static final Catalogue EMPTY = new Catalogue(List.of(), Map.of(), Map.of(), Map.of());

    /** The labels of one certificate's metrics. */
    private record Series(String identity, String certificate) {}

    /**
     * The catalogue that follows this one. What both have in common is the same object in both.
     *
     * @param plan of all identities that are kept stapled
     * @param inForce those of them that are served
     */
    Catalogue next(
            Plan plan, List<Identity> inForce, RefreshPolicy policy, Function<StapleTarget, TrackedCertificate> track) {
        Map<String, TrackedCertificate> tracked = new LinkedHashMap<>();
        plan.targets().forEach((key, target) -> {
            TrackedCertificate known = certificates.get(key);
            tracked.put(key, known == null ? track.apply(target) : known);
        });
        Map<Identity, PublishedChain> reachable = new LinkedHashMap<>();
        chains.forEach(chain -> reachable.put(chain.identity(), chain));
        plan.keys().forEach((identity, keys) -> {
            PublishedChain known = byIdentity.get(identity);
            reachable.put(
                    identity, known == null || known.isRetired() ? chain(identity, keys, tracked, policy) : known);
        });
        List<PublishedChain> serving = inForce.stream()
                .map(identity -> Objects.requireNonNull(reachable.get(identity), identity.name()))
                .toList();
        return new Catalogue(serving, tracked, byCertId(tracked.values()), reachable);
    }

    private static PublishedChain chain(
            Identity identity,
            List<@Nullable String> keys,
            Map<String, TrackedCertificate> tracked,
            RefreshPolicy policy) {
        List<@Nullable TrackedCertificate> positions = new ArrayList<>();
        keys.forEach(key -> positions.add(key == null ? null : tracked.get(key)));
        return new PublishedChain(identity, positions, policy);
    }

    private static Map<CertId, TrackedCertificate> byCertId(Collection<TrackedCertificate> certificates) {
        Map<CertId, TrackedCertificate> byCertId = new HashMap<>();
        for (TrackedCertificate certificate : certificates) {
            for (CertIdHash hash : CertIdHash.values()) {
                byCertId.put(certificate.target().certId(hash), certificate);
            }
        }
        return byCertId;
    }

    /** The certificate that is tracked for a target's key. */
    TrackedCertificate certificate(String key) {
        return Objects.requireNonNull(certificates.get(key), key);
    }

    /** The answer that counts at a moment, and names its certificate by the CertID asked with. */
    @Nullable
    OcspAnswer answer(CertId asked, Instant now) {
        TrackedCertificate certificate = byCertId.get(asked);
        OcspAnswer answer = certificate != null && certificate.isAnsweredAt(now)
                ? certificate.knowledge().answer()
                : null;
        return answer != null && answer.hashes().contains(asked.hash()) ? answer : null;
    }

    /** Whether an answer about one of these certificates says other than what is known of it, and is no newer. */
    boolean contradicts(CertId asked, OcspAnswer answer, Instant now) {
        TrackedCertificate certificate = byCertId.get(asked);
        return certificate != null && certificate.contradicts(answer, now);
    }

    /** When what is held for a target's key ends; long ago where nothing is. */
    Instant heldUntil(String key) {
        TrackedCertificate certificate = certificates.get(key);
        return certificate == null ? Instant.MIN : certificate.end();
    }

    /** The chains that another has not. */
    List<PublishedChain> without(Catalogue other) {
        Set<PublishedChain> known = Set.copyOf(other.byIdentity.values());
        return byIdentity.values().stream()
                .filter(chain -> !known.contains(chain))
                .toList();
    }

    /** Gives way to another: what only this one serves is counted no more, and what only this one has is let go. */
    void giveWay(Catalogue next, Telemetry telemetry, Instant now) {
        Set<PublishedChain> ended = new HashSet<>(chains);
        next.chains.forEach(ended::remove);
        ended.forEach(PublishedChain::retire);
        without(next).forEach(PublishedChain::leave);

        next.names().forEach(telemetry::identityKnown);
        next.chains.forEach(chain -> chain.introduce(telemetry));
        next.chains.forEach(chain -> chain.serve(now));

        Set<Series> series = next.series();
        series().stream()
                .filter(old -> !series.contains(old))
                .forEach(old -> telemetry.stapleForgotten(old.identity, old.certificate));
        Set<String> names = next.names();
        names().stream().filter(name -> !names.contains(name)).forEach(telemetry::identityForgotten);
    }

    private Set<Series> series() {
        return chains.stream()
                .flatMap(chain -> chain.certificates().stream()
                        .map(certificate -> new Series(
                                chain.identity().name(), certificate.target().serial())))
                .collect(Collectors.toSet());
    }

    private Set<String> names() {
        return chains.stream().map(chain -> chain.identity().name()).collect(Collectors.toSet());
    }
}
