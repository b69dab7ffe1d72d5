package io.staplegate.staple;

import io.staplegate.identity.Identity;
import io.staplegate.telemetry.Telemetry;
import java.math.BigInteger;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one identity can staple now, position by position. Read by event loops without a lock; written under its own.
 */
final class PublishedChain {
    /**
     * What was published last.
     *
     * @param until Unix milliseconds: when the first of its staples ends
     */
    private record Edition(ChainStaples staples, long until) {}

    private final Identity identity;
    private final List<@Nullable TrackedCertificate> positions;
    private final RefreshPolicy policy;
    private final boolean mustStaple;
    private final @Nullable Staple[] held;
    private boolean leafRevoked;
    private volatile Stage stage = Stage.PREPARED;
    private volatile Edition edition;

    /** What becomes of a chain, in this order. Devices are served by it at any. */
    private enum Stage {
        PREPARED,
        SERVED,
        RETIRED
    }

    /** Nothing is stapled yet. {@code positions}: its certificates; null where no staple is wanted or can be had. */
    PublishedChain(Identity identity, List<@Nullable TrackedCertificate> positions, RefreshPolicy policy) {
        this.identity = identity;
        this.positions = positions;
        this.policy = policy;
        this.mustStaple = mustStaple(identity);
        this.held = new Staple[positions.size()];
        this.edition = new Edition(nothing(positions.size()), Long.MAX_VALUE);
    }

    /** No staple for any certificate of a chain. */
    static ChainStaples nothing(int length) {
        return new ChainStaples(Collections.nCopies(length, null), false);
    }

    Identity identity() {
        return identity;
    }

    @Nullable
    TrackedCertificate certificateAt(int position) {
        return positions.get(position);
    }

    /** Those that a staple is wanted for. */
    List<TrackedCertificate> certificates() {
        return positions.stream().flatMap(Stream::ofNullable).toList();
    }

    /** Shows from now on what its certificates know. */
    void join(Instant now) {
        for (int i = 0; i < positions.size(); i++) {
            TrackedCertificate certificate = positions.get(i);
            if (certificate != null) {
                certificate.joinChain(this, i, now);
            }
        }
    }

    /** Tells the metrics what it consists of, and whether that is enough without a staple. */
    void introduce(Telemetry telemetry) {
        List<Telemetry.Validity> validities = identity.chain().stream()
                .map(certificate -> new Telemetry.Validity(
                        StapleTarget.serial(certificate),
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant()))
                .toList();
        telemetry.identityServed(identity.name(), validities, mustStaple);
    }

    /** Is in force from now on, and counted. */
    void serve(Instant now) {
        if (stage == Stage.PREPARED) {
            stage = Stage.SERVED;
            certificates().forEach(certificate -> certificate.report(this, now));
        }
    }

    /** Stays for handshakes that are under way, and is counted no more. */
    void retire() {
        stage = Stage.RETIRED;
    }

    boolean isServed() {
        return stage == Stage.SERVED;
    }

    boolean isRetired() {
        return stage == Stage.RETIRED;
    }

    /**
     * Whether metrics tell of a position. They name certificates by serial: of two with the same one, which private CAs
     * do issue, they tell of the lower.
     */
    boolean hasSeries(int position) {
        List<X509Certificate> chain = identity.chain();
        BigInteger serial = chain.get(position).getSerialNumber();
        return isServed()
                && chain.subList(0, position).stream()
                        .noneMatch(below -> below.getSerialNumber().equals(serial));
    }

    /** Shows no more what changes. */
    void leave() {
        certificates().forEach(certificate -> certificate.leaveChain(this));
    }

    /** Whether clients may insist on the leaf's staple: by configuration, or by the certificate itself (R32). */
    boolean mustStaple() {
        return mustStaple;
    }

    private static boolean mustStaple(Identity identity) {
        return switch (identity.config().stapling()) {
            case MUST -> true;
            case AUTO -> identity.mustStaple();
            case OFF -> false;
        };
    }

    /** What can be stapled at a moment in Unix milliseconds: the same object until something changes or ends. */
    ChainStaples current(long now) {
        Edition current = edition;
        return now < current.until ? current.staples : renew(now);
    }

    /** Puts a staple, or none, at a position. */
    synchronized void put(int position, @Nullable Staple staple, boolean revoked, long now) {
        held[position] = staple;
        if (position == 0) {
            leafRevoked = revoked;
        }
        renew(now);
    }

    /** Leaves out what has ended. */
    synchronized ChainStaples renew(long now) {
        @Nullable Staple[] staples = held.clone();
        long until = Long.MAX_VALUE;
        for (int i = 0; i < staples.length; i++) {
            Staple staple = staples[i];
            if (staple != null) {
                long end = policy.end(staple.answer()).toEpochMilli();
                if (now < end) {
                    until = Math.min(until, end);
                } else {
                    staples[i] = null;
                }
            }
        }
        edition = new Edition(sameOrNew(Collections.unmodifiableList(Arrays.asList(staples))), until);
        return edition.staples;
    }

    private ChainStaples sameOrNew(List<@Nullable Staple> staples) {
        ChainStaples before = edition.staples;
        boolean same = before.leafRevoked() == leafRevoked && before.staples().equals(staples);
        return same ? before : new ChainStaples(staples, leafRevoked);
    }

    /** A row for each certificate but the root. */
    List<StapleView> view(Instant now) {
        ChainStaples staples = current(now.toEpochMilli());
        List<StapleView> rows = new ArrayList<>();
        for (int i = 0; i < positions.size(); i++) {
            X509Certificate certificate = identity.chain().get(i);
            if (!certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
                rows.add(row(i, certificate, positions.get(i), staples.staples().get(i), now));
            }
        }
        return rows;
    }

    private StapleView row(
            int position,
            X509Certificate certificate,
            @Nullable TrackedCertificate tracked,
            @Nullable Staple staple,
            Instant now) {
        Knowledge known = tracked == null ? Knowledge.NOTHING : tracked.knowledge();
        URI asked = tracked == null ? null : tracked.target().firstAsked().orElse(null);
        return new StapleView(
                identity.name(),
                StapleTarget.serial(certificate),
                position,
                certificate.getSubjectX500Principal().getName(),
                known.statusAt(now, policy).name().toLowerCase(Locale.ROOT),
                asked == null ? null : asked.toString(),
                staple == null ? null : staple.answer().thisUpdate(),
                staple == null ? null : staple.answer().nextUpdate(),
                staple == null ? null : staple.fetchedAt(),
                known.nextLook(),
                known.lastError(),
                staple == null ? 0 : staple.dressed().length,
                tracked == null ? null : known.rung(staple != null),
                mustStaple ? "must" : identity.config().stapling().name().toLowerCase(Locale.ROOT),
                certificate.getNotAfter().toInstant());
    }
}
