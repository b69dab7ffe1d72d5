package io.staplegate.staple;

import io.staplegate.fetch.Circuits;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which certificates are looked at next. Owned by one thread.
 *
 * <p>Those that are due, by need, but only so many at a time for each responder: the rate is the client's to keep, and
 * whoever becomes needy in the meantime need not wait behind thousands. Those whose responders are all down are left
 * alone, but for one probe of each when its circuit admits it. When a responder is back, whoever was put off is due.
 *
 * <p>A CA that has no answers at a responder must not keep another CA's certificates there waiting: its own fail in a
 * row, and open the circuit again and again. So they go last, and another CA's probe first.
 */
final class Agenda {
    private final Circuits circuits;
    private final int mostUnfinished;
    private final Duration probesWhileAwaited;
    private Set<URI> asked = Set.of();
    private Set<URI> down = Set.of();
    /** The probes that each CA has had of each responder that is down. */
    private final Map<URI, Map<X509Certificate, Integer>> turns = new HashMap<>();
    /** The certificates of this call, and of those before it for as long as the list is the same one. */
    private List<TrackedCertificate> tracked = List.of();
    /** Who can be asked about them. */
    private Set<URI> responders = Set.of();
    /** Of each CA; null until somebody wants to know. */
    private @Nullable Map<X509Certificate, Failing> failing;

    /** Somebody who could be looked at; {@code up}: who would answer, null where all are down. */
    private record Candidate(
            TrackedCertificate certificate, @Nullable URI up, Failing kin, int failures, Need need) {
        /**
         * Who asks whether a responder is back. Whoever depends on it goes before those who have another; the neediest
         * first, but each in turn, and each CA in turn: one that the responder never has an answer for must not keep it
         * down for all others. {@code turns}: the probes that each CA has had.
         */
        static Comparator<Candidate> probing(Map<X509Certificate, Integer> turns) {
            return Comparator.comparing(Candidate::hasAnother)
                    .thenComparingInt(one -> turns.getOrDefault(one.issuer(), 0))
                    .thenComparingInt(one -> one.kin.all)
                    .thenComparingInt(Candidate::failures)
                    .thenComparing(Candidate::need);
        }

        /** Who is looked at first of those who are due. */
        static final Comparator<Candidate> DUE = Comparator.<Candidate>comparingInt(one -> one.kin.hopeless)
                .thenComparing(Candidate::need)
                .thenComparingInt(one -> one.kin.all);

        X509Certificate issuer() {
            return certificate.target().issuer();
        }

        boolean hasAnother() {
            return up != null;
        }
    }

    /** How many of a CA's certificates fail, and how many of them though their responder is back from an outage. */
    private record Failing(int all, int hopeless) {
        static final Failing NONE = new Failing(0, 0);

        static Failing one(TrackedCertificate certificate) {
            return new Failing(1, certificate.isHopeless() ? 1 : 0);
        }

        Failing plus(Failing other) {
            return new Failing(all + other.all, hopeless + other.hopeless);
        }
    }

    /**
     * Nobody is down at first.
     *
     * @param mostUnfinished looks for each responder; 1 or more
     * @param probesWhileAwaited how far apart at most, while a start waits for somebody
     */
    Agenda(Circuits circuits, int mostUnfinished, Duration probesWhileAwaited) {
        this.circuits = circuits;
        this.mostUnfinished = mostUnfinished;
        this.probesWhileAwaited = probesWhileAwaited;
    }

    /**
     * The looks to begin now, in this order. There may be ten thousand certificates, and all that this does in most
     * seconds is to find that nobody's time has come.
     *
     * @param certificates another list where there are others, or other responders
     * @param underWay those that have begun, and not ended
     */
    List<Look> next(List<TrackedCertificate> certificates, Collection<Look> underWay, Instant now) {
        track(certificates);
        forgetWhoIsNotAsked(underWay);
        Set<URI> before = down;
        down = responders.stream().filter(circuits::isOpen).collect(Collectors.toCollection(LinkedHashSet::new));
        before.stream()
                .filter(responder -> !down.contains(responder))
                .forEach(responder -> release(responder, certificates, now));

        turns.keySet().retainAll(down);
        failing = null;

        Set<TrackedCertificate> busy = underWay.stream().map(Look::certificate).collect(Collectors.toSet());
        List<TrackedCertificate> free = busy.isEmpty()
                ? certificates
                : certificates.stream()
                        .filter(certificate -> !busy.contains(certificate))
                        .toList();
        List<Look> looks = new ArrayList<>();
        for (URI responder : down) {
            if (circuits.isHeld(responder)) {
                respectRisk(responder, certificates, now);
            }
            respectStart(responder, certificates);
            if (circuits.isProbeDue(responder)) {
                probe(responder, free, now).ifPresent(looks::add);
            }
        }
        looks.addAll(due(free, underWay, now));
        return looks;
    }

    @SuppressWarnings("ReferenceEquality") // to compare ten thousand each second is what this avoids
    private void track(List<TrackedCertificate> certificates) {
        if (certificates != tracked) {
            tracked = certificates;
            responders = responders(certificates.stream()).collect(Collectors.toCollection(LinkedHashSet::new));
        }
    }

    /** A responder that no certificate names any more, as after a reload, is not down for ever. */
    private void forgetWhoIsNotAsked(Collection<Look> underWay) {
        Set<URI> before = asked;
        asked = new HashSet<>(responders);
        responders(underWay.stream().map(Look::certificate)).forEach(asked::add);
        before.stream().filter(responder -> !asked.contains(responder)).forEach(circuits::forget);
    }

    /** Forgets who is down: for when the clock was set, and all is planned afresh. */
    void reset() {
        circuits.reset();
        down = Set.of();
    }

    private List<Look> due(List<TrackedCertificate> free, Collection<Look> underWay, Instant now) {
        Map<URI, Integer> unfinished = new HashMap<>();
        underWay.stream()
                .flatMap(look -> Stream.ofNullable(look.responder()))
                .forEach(responder -> unfinished.merge(responder, 1, Integer::sum));
        List<Candidate> candidates = new ArrayList<>();
        for (TrackedCertificate certificate : free) {
            if (!isDue(certificate, now)) {
                continue;
            }
            if (up(certificate) == null) {
                certificate.holdBack(now);
            } else {
                candidates.add(candidate(certificate, now));
            }
        }
        candidates.sort(Candidate.DUE);
        List<Look> looks = new ArrayList<>();
        for (Candidate next : candidates) {
            if (next.up != null && unfinished.merge(next.up, 1, Integer::sum) <= mostUnfinished) {
                looks.add(Look.due(next.certificate, next.up));
            }
        }
        return looks;
    }

    private Optional<Look> probe(URI responder, List<TrackedCertificate> free, Instant now) {
        Map<X509Certificate, Integer> had = turns.computeIfAbsent(responder, _ -> new HashMap<>());
        Optional<Candidate> prober = free.stream()
                .filter(certificate ->
                        asks(certificate, responder) && certificate.target().canBeAskedAt(now))
                .map(certificate -> candidate(certificate, now))
                .filter(one -> !one.hasAnother() || !isDue(one.certificate, now)) // what is due is not kept from it
                .min(Candidate.probing(had));
        prober.ifPresent(one -> had.merge(one.issuer(), 1, Integer::sum));
        return prober.map(one -> Look.probe(one.certificate, responder, one.hasAnother()));
    }

    private Candidate candidate(TrackedCertificate certificate, Instant now) {
        if (failing == null) {
            failing = tracked.stream()
                    .filter(other -> other.knowledge().failures() > 0)
                    .collect(Collectors.toMap(other -> other.target().issuer(), Failing::one, Failing::plus));
        }
        Failing kin = failing.getOrDefault(certificate.target().issuer(), Failing.NONE);
        int failures = certificate.knowledge().failures();
        return new Candidate(certificate, up(certificate), kin, failures, Need.of(certificate, now));
    }

    /** Who would answer, null where all are down. */
    private @Nullable URI up(TrackedCertificate certificate) {
        return certificate
                .target()
                .askable()
                .filter(responder -> !down.contains(responder))
                .findFirst()
                .orElse(null);
    }

    /**
     * A responder that asks for time gets no more than half of what is left of the staple that ends first, and a minute
     * where there is none to live on.
     */
    private void respectRisk(URI responder, List<TrackedCertificate> certificates, Instant now) {
        certificates.stream()
                .filter(certificate ->
                        asks(certificate, responder) && certificate.target().canBeAskedAt(now))
                .map(certificate -> certificate.longestWish(now))
                .min(Comparator.naturalOrder())
                .ifPresent(longest -> circuits.holdNoLongerThan(responder, now.plus(longest)));
    }

    /** A responder that comes up a little later than we, as after a power cut, must not fail the start. */
    private void respectStart(URI responder, List<TrackedCertificate> certificates) {
        if (certificates.stream().anyMatch(certificate -> certificate.isAwaited() && asks(certificate, responder))) {
            circuits.probeWithin(responder, probesWhileAwaited);
        }
    }

    private static void release(URI responder, List<TrackedCertificate> certificates, Instant now) {
        certificates.stream()
                .filter(certificate -> asks(certificate, responder))
                .forEach(certificate -> certificate.hasten(now));
    }

    private static boolean asks(TrackedCertificate certificate, URI responder) {
        return certificate.target().askable().anyMatch(responder::equals);
    }

    private static Stream<URI> responders(Stream<TrackedCertificate> certificates) {
        return certificates
                .flatMap(certificate -> certificate.target().askable())
                .distinct();
    }

    private static boolean isDue(TrackedCertificate certificate, Instant now) {
        Instant next = certificate.knowledge().nextLook();
        return next != null && !now.isBefore(next);
    }
}
