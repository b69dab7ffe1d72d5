package io.staplegate.staple;

import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.config.IdentityConfig.StatusScope;
import io.staplegate.identity.Identity;
import io.staplegate.telemetry.Telemetry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which chains are served, and which certificates are tracked for them. Immutable; swapped as a whole.
 *
 * @param chains those of the table that is served, in its order
 * @param certificates by the key of their target; one for a certificate however many chains it is part of
 * @param byIdentity also the chains of the table before: handshakes may still be under way with them
 */
record Catalogue(
        List<PublishedChain> chains,
        Map<String, TrackedCertificate> certificates,
        Map<Identity, PublishedChain> byIdentity) {

    static final Catalogue EMPTY = new Catalogue(List.of(), Map.of(), Map.of());

    /** The targets of some identities by key, those that they have in common joined. */
    static Map<String, StapleTarget> targets(List<Identity> identities) {
        Map<String, StapleTarget> targets = new LinkedHashMap<>();
        for (Identity identity : identities) {
            for (int i = 0; i < identity.chain().size(); i++) {
                StapleTarget target = wanted(identity, i);
                if (target != null) {
                    targets.merge(target.key(), target, StapleTarget::join);
                }
            }
        }
        return targets;
    }

    /** The catalogue that follows this one. What both have in common is the same object in both. */
    Catalogue next(
            List<Identity> identities,
            Map<String, StapleTarget> targets,
            Function<StapleTarget, TrackedCertificate> track,
            BiFunction<Identity, List<@Nullable TrackedCertificate>, PublishedChain> publish) {
        Map<String, TrackedCertificate> tracked = new LinkedHashMap<>();
        targets.forEach((key, target) -> {
            TrackedCertificate known = certificates.get(key);
            tracked.put(key, known == null ? track.apply(target) : known);
        });
        List<PublishedChain> published = new ArrayList<>();
        Map<Identity, PublishedChain> reachable = new HashMap<>();
        chains.forEach(chain -> reachable.put(chain.identity(), chain));
        for (Identity identity : identities) {
            PublishedChain chain = reachable.get(identity);
            if (chain == null) {
                List<@Nullable TrackedCertificate> positions = new ArrayList<>();
                for (int i = 0; i < identity.chain().size(); i++) {
                    StapleTarget target = wanted(identity, i);
                    positions.add(target == null ? null : tracked.get(target.key()));
                }
                chain = publish.apply(identity, positions);
                reachable.put(identity, chain);
            }
            published.add(chain);
        }
        return new Catalogue(List.copyOf(published), Map.copyOf(tracked), Map.copyOf(reachable));
    }

    /** The certificate that is tracked for a target's key. */
    TrackedCertificate certificate(String key) {
        return Objects.requireNonNull(certificates.get(key), key);
    }

    /** Gives way to another: what only this one has is counted no more, and what neither serves is let go. */
    void retire(Catalogue next, Telemetry telemetry) {
        Set<PublishedChain> serving = Set.copyOf(next.chains);
        Set<Series> series = series(next.chains);
        chains.stream().filter(chain -> !serving.contains(chain)).forEach(PublishedChain::retire);
        series(chains).stream()
                .filter(old -> !series.contains(old))
                .forEach(old -> telemetry.stapleForgotten(old.identity, old.certificate));
        byIdentity.values().stream()
                .filter(chain -> !next.byIdentity.containsKey(chain.identity()))
                .forEach(PublishedChain::leave);
    }

    /** The labels of one certificate's metrics. */
    private record Series(String identity, String certificate) {}

    private static Set<Series> series(List<PublishedChain> chains) {
        return chains.stream()
                .flatMap(chain -> chain.certificates().stream()
                        .map(certificate -> new Series(
                                chain.identity().name(), certificate.target().serial())))
                .collect(Collectors.toSet());
    }

    private static @Nullable StapleTarget wanted(Identity identity, int position) {
        boolean off = identity.config().stapling() == Stapling.OFF;
        boolean leafOnly = identity.config().statusScope() == StatusScope.LEAF;
        return off || (leafOnly && position > 0) ? null : StapleTarget.of(identity, position);
    }
}
