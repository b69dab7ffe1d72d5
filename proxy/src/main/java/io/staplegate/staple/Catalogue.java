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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which chains are served, and which certificates are tracked for them. Immutable; swapped as a whole.
 *
 * @param chains those of the table that is served, in its order
 * @param certificates by the key of their target; one for a certificate however many chains it is part of
 * @param byCertId the same, by each CertID that names one
 * @param byIdentity also the chains of the table before: handshakes may still be under way with them
 */
record Catalogue(
        List<PublishedChain> chains,
        Map<String, TrackedCertificate> certificates,
        Map<CertId, TrackedCertificate> byCertId,
        Map<Identity, PublishedChain> byIdentity) {

    static final Catalogue EMPTY = new Catalogue(List.of(), Map.of(), Map.of(), Map.of());

    /** The labels of one certificate's metrics. */
    private record Series(String identity, String certificate) {}

    /** The catalogue that follows this one. What both have in common is the same object in both. */
    Catalogue next(Plan plan, RefreshPolicy policy, Function<StapleTarget, TrackedCertificate> track) {
        Map<String, TrackedCertificate> tracked = new LinkedHashMap<>();
        plan.targets().forEach((key, target) -> {
            TrackedCertificate known = certificates.get(key);
            tracked.put(key, known == null ? track.apply(target) : known);
        });
        Map<Identity, PublishedChain> reachable = new HashMap<>();
        chains.forEach(chain -> reachable.put(chain.identity(), chain));
        List<PublishedChain> published = new ArrayList<>();
        plan.keys()
                .forEach((identity, keys) -> published.add(reachable.computeIfAbsent(identity, added -> {
                    List<@Nullable TrackedCertificate> positions = new ArrayList<>();
                    keys.forEach(key -> positions.add(key == null ? null : tracked.get(key)));
                    return new PublishedChain(added, positions, policy);
                })));
        return new Catalogue(List.copyOf(published), tracked, byCertId(tracked.values()), reachable);
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

    /** Gives way to another: what only this one has is counted no more, and what neither serves is let go. */
    void retire(Catalogue next, Telemetry telemetry) {
        Set<PublishedChain> serving = Set.copyOf(next.chains);
        chains.stream().filter(chain -> !serving.contains(chain)).forEach(PublishedChain::retire);
        byIdentity.values().stream()
                .filter(chain -> !next.byIdentity.containsKey(chain.identity()))
                .forEach(PublishedChain::leave);

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
