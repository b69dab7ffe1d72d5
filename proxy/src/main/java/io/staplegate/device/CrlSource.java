package io.staplegate.device;

import io.staplegate.fetch.Download;
import io.staplegate.ocsp.Crl;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One place of a revocation list, and the list that came from there last. Changed by one thread at a time, whoever has
 * {@link #begin begun} a look; what is held is read by any.
 */
final class CrlSource {
    private static final Logger LOG = LoggerFactory.getLogger(CrlSource.class);

    private final CrlPlace place;
    private final Schedule schedule;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private final CompletableFuture<Void> firstLook = new CompletableFuture<>();
    private volatile @Nullable Held held;
    private volatile Instant changed = Instant.MIN;
    private volatile Instant nextLook = Instant.MIN;
    private volatile Instant used;
    private volatile @Nullable X500Principal unknownSigner;
    private Download.Version version = Download.Version.NONE;
    private int failures;
    private boolean restored;
    /** Of a file: as it was read, and as it was seen last; the latter is of the ticking thread. */
    private volatile @Nullable List<Object> read;

    private @Nullable List<Object> seen;

    /** A list that verifies. {@code signer}: the CA whose it is. */
    record Held(Crl crl, X509Certificate signer) {
        boolean isOf(X509Certificate issuer) {
            return ListSigners.areSame(signer, issuer);
        }
    }

    CrlSource(CrlPlace place, Schedule schedule, Instant now) {
        this.place = place;
        this.schedule = schedule;
        this.used = now;
    }

    CrlPlace place() {
        return place;
    }

    @Nullable
    Held held() {
        return held;
    }

    /** Takes part in a check. */
    void use(Instant now) {
        used = now;
    }

    Instant used() {
        return used;
    }

    /** Ends when it has been looked at for the first time, whatever that found. */
    CompletableFuture<Void> firstLook() {
        return firstLook;
    }

    /** Whether nobody else looks at it now; then the caller does, until {@link #end}. */
    boolean begin() {
        return underWay.compareAndSet(false, true);
    }

    void end() {
        underWay.set(false);
        firstLook.complete(null);
    }

    boolean isUnderWay() {
        return underWay.get();
    }

    /** Whether it is time for a look. A clock that was set back does not put it off. */
    boolean isDueAt(Instant now) {
        return switch (place) {
            case CrlPlace.Web _ -> !now.isBefore(nextLook) || now.isBefore(changed);
            case CrlPlace.Local file -> hasSettled(file.stamp());
        };
    }

    /** Whether what is to come may be a list of a CA, as far as is known. */
    boolean mayBecomeOneOf(X509Certificate issuer) {
        X500Principal named = unknownSigner;
        return held == null && (named == null || named.equals(issuer.getSubjectX500Principal()));
    }

    /** Looks again soon, as there is something newer; at the usual pace where that fails. */
    void hurry() {
        nextLook = Instant.MIN;
        read = null;
    }

    /** A CA has turned up: if it is the one that was missing, looks again. */
    void signerKnown(X500Principal name) {
        if (name.equals(unknownSigner)) {
            hurry();
        }
    }

    /** Whether what the disk has was looked at; true from now on. */
    boolean isRestored() {
        boolean before = restored;
        restored = true;
        return before;
    }

    /** Of a file: it is being read as it is. */
    void reading(@Nullable List<Object> stamp) {
        read = stamp == null ? List.of() : stamp;
    }

    /** The version that need not be sent again. */
    Download.Version version() {
        return held == null ? Download.Version.NONE : version;
    }

    /**
     * Whether a list was signed before the one that is held: somebody replays it. A list that has ended is no measure
     * for one that has not: a CA that was set up anew counts from 1 again.
     */
    boolean isOutdatedAt(Instant now, Crl crl) {
        Held known = held;
        boolean replaces = known != null && !now.isBefore(known.crl.nextUpdate()) && now.isBefore(crl.nextUpdate());
        return known != null && !replaces && crl.isOlderThan(known.crl);
    }

    /** Holds a list that has been verified, unless it is the one that is held. Returns whether it is another. */
    boolean hold(Crl crl, X509Certificate signer) {
        Held before = held;
        if (before != null && before.isOf(signer) && !crl.differsFrom(before.crl)) {
            return false;
        }
        held = new Held(crl, signer);
        return true;
    }

    /** The place has what is held. {@code current}: its version; null where it is unchanged. */
    void succeeded(Download.@Nullable Version current, Instant now) {
        version = current == null ? version : current;
        unknownSigner = null;
        if (failures > 0) {
            LOG.atInfo().addKeyValue("list", place).log("revocation list for devices can be had again");
        }
        failures = 0;
        plan(now);
    }

    /** The next look as if what is held had just come. */
    void plan(Instant now) {
        Held known = held;
        if (known != null) {
            nextLook = schedule.afterSuccess(
                    known.crl.thisUpdate(), known.crl.nextUpdate(), now, ThreadLocalRandom.current());
            changed = now;
        }
    }

    /**
     * Nothing usable came.
     *
     * @param signer whose list it would be, where that CA is not known
     * @param retryAfter what the server asked for; null where it did not. It gets half of what is left of the list that
     *     is held at the most: a server may not let it end.
     */
    void failed(String reason, @Nullable X500Principal signer, @Nullable Duration retryAfter, Instant now) {
        failures++;
        unknownSigner = signer;
        Held known = held;
        Duration left = known == null ? Duration.ZERO : Duration.between(now, known.crl.nextUpdate());
        Instant next = schedule.afterFailure(failures, left, now, ThreadLocalRandom.current());
        Instant asked = retryAfter == null ? now : now.plus(granted(retryAfter, left));
        nextLook = next.isAfter(asked) ? next : asked;
        changed = now;
        if (failures == 1) {
            LOG.atWarn()
                    .addKeyValue("list", place)
                    .addKeyValue("reason", reason)
                    .addKeyValue("heldUntil", known == null ? "nothing held" : known.crl.nextUpdate())
                    .log("revocation list for devices cannot be had");
        }
    }

    private static Duration granted(Duration asked, Duration left) {
        Duration half = left.dividedBy(2);
        return left.isPositive() && asked.compareTo(half) > 0 ? half : asked;
    }

    /** A change counts once it was seen twice: whoever writes the file in place takes a while. */
    private boolean hasSettled(@Nullable List<Object> stamp) {
        List<Object> before = seen;
        seen = stamp;
        return stamp != null && !stamp.equals(read) && (stamp.equals(before) || !firstLook.isDone());
    }
}
