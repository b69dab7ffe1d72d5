package io.staplegate.device;

import io.staplegate.fetch.Download;
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
 * One place of a revocation list, and what came from there. Changed by one thread at a time, whoever has
 * {@link #begin begun} a look; what is held is read by any.
 */
final class CrlSource {
    private static final Logger LOG = LoggerFactory.getLogger(CrlSource.class);

    /** For a list that has ended while others from the same place hold: it may not come again. */
    private static final Duration PAUSE_OF_ENDED = Duration.ofMinutes(10);

    private final CrlPlace place;
    private final Schedule schedule;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private final CompletableFuture<Void> firstLook = new CompletableFuture<>();
    private volatile PlacedLists lists = PlacedLists.NONE;
    private volatile Instant changed = Instant.MIN;
    private volatile Instant nextLook = Instant.MIN;
    private volatile Instant used;
    private volatile @Nullable X500Principal unknownSigner;
    private Download.Version version = Download.Version.NONE;
    private int failures;
    private boolean restored;
    private volatile @Nullable Refusal refusal;
    private boolean isSoughtSoon;
    private final FileStamps stamps = new FileStamps();

    CrlSource(CrlPlace place, Schedule schedule, Instant now) {
        this.place = place;
        this.schedule = schedule;
        this.used = now;
    }

    CrlPlace place() {
        return place;
    }

    /** The lists that came from here: of each CA and kind the last. */
    List<HeldList> held() {
        return lists.all();
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
        boolean isTime = !now.isBefore(nextLook) || now.isBefore(changed);
        return switch (place) {
            case CrlPlace.Web _ -> isTime;
            case CrlPlace.Local file -> {
                List<Object> stamp = file.stamp();
                yield stamps.hasChanged(stamp, firstLook.isDone()) || (refusal != null && isTime && stamp != null);
            }
        };
    }

    /** Whether what is to come may be a list of a CA, as far as is known. */
    boolean mayBecomeOneOf(X509Certificate issuer) {
        X500Principal named = unknownSigner;
        return lists.isEmpty() && (named == null || named.equals(issuer.getSubjectX500Principal()));
    }

    /** Looks again soon, as there is something newer; at the usual pace where that fails. */
    void hurry() {
        nextLook = Instant.MIN;
        stamps.forget();
        refusal = null;
    }

    /** A CA has turned up: if it is the one that was missing, looks again. */
    void signerKnown(X500Principal name) {
        if (name.equals(unknownSigner)) {
            hurry();
        }
    }

    /** Whether what the disk has was looked at, and would be judged the same now. */
    boolean isRestored() {
        return restored;
    }

    void restored() {
        restored = true;
    }

    /** Of a file: it is being read as it is. */
    void reading(@Nullable List<Object> stamp) {
        stamps.read(stamp);
        refusal = null;
    }

    /** The version that need not be sent again. */
    Download.Version versionAt(Instant now) {
        Refusal known = refusalAt(now);
        if (known != null) {
            return known.version();
        }
        return lists.isEmpty() ? Download.Version.NONE : version;
    }

    /** What speaks against the file that the server had last, and will again if it has not changed; null: nothing. */
    @Nullable
    Refusal refusalAt(Instant now) {
        Refusal known = refusal;
        return known != null && known.standsAt(now) ? known : null;
    }

    /** Why a list that verifies is not to be held; null: it may be. */
    @Nullable
    String objectionAt(Instant now, HeldList list) {
        return lists.objectionAt(now, list);
    }

    /** Holds a list that has been verified, unless it is one that is held. Returns whether it is another. */
    boolean hold(HeldList list, Instant now) {
        PlacedLists before = lists;
        lists = before.with(list, now);
        if (lists != before && lists.all().size() > before.all().size() && !before.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("list", place)
                    .addKeyValue("issuer", list.signer().getSubjectX500Principal())
                    .log("place of a revocation list has one of another CA or kind; what came before stays");
        }
        return lists != before;
    }

    /** Where a list that is held is, among those of this place: from 0 on. */
    int slot(HeldList list) {
        return lists.slot(list);
    }

    /** The place has what is held. {@code current}: its version; null where it is unchanged. */
    void succeeded(Download.@Nullable Version current, Instant now) {
        version = current == null ? version : current;
        unknownSigner = null;
        refusal = null;
        if (failures > 0) {
            LOG.atInfo().addKeyValue("list", place).log("revocation list for devices can be had again");
        }
        failures = 0;
        plan(now);
    }

    /** The next look as if what is held had just come: whatever is due first counts. */
    void plan(Instant now) {
        lists.all().stream()
                .map(held -> held.holdsAt(now)
                        ? schedule.afterSuccess(
                                held.crl().thisUpdate(), held.crl().nextUpdate(), now, ThreadLocalRandom.current())
                        : now.plus(PAUSE_OF_ENDED))
                .min(Instant::compareTo)
                .ifPresent(next -> nextLook = next);
        changed = now;
    }

    /**
     * Nothing came.
     *
     * @param retryAfter what the server asked for; null where it did not. It gets half of what is left of the lists
     *     that are held at the most: a server may not let them end.
     */
    void failed(String reason, @Nullable Duration retryAfter, Instant now) {
        unknownSigner = null;
        Duration left = left(now);
        Instant asked = retryAfter == null ? now : now.plus(granted(retryAfter, left));
        failed(reason, later(schedule.afterFailure(failures + 1, left, now, ThreadLocalRandom.current()), asked), now);
    }

    /**
     * A file came that is of no use. It may have cost hundreds of megabytes.
     *
     * @param found what speaks against it
     * @param signer whose list it would be, where that CA is not known
     * @param soon whether to look again as soon as after a failure: time may mend it, or the look costs next to nothing
     */
    void refused(Refusal found, @Nullable X500Principal signer, boolean soon, Instant now) {
        unknownSigner = signer;
        isSoughtSoon = soon;
        refusedAgain(found, now);
    }

    /** The server still has what was refused. */
    void refusedAgain(Refusal found, Instant now) {
        Duration left = left(now);
        Instant next = isSoughtSoon
                ? schedule.afterFailure(failures + 1, left, now, ThreadLocalRandom.current())
                : schedule.afterRefusal(failures + 1, left, found.mends(), now, ThreadLocalRandom.current());
        refusal = found;
        failed(found.text(), next, now);
    }

    private void failed(String reason, Instant next, Instant now) {
        failures++;
        nextLook = next;
        changed = now;
        if (failures == 1) {
            Instant end = lists.end();
            LOG.atWarn()
                    .addKeyValue("list", place)
                    .addKeyValue("reason", reason)
                    .addKeyValue("heldUntil", end == null ? "nothing held" : end)
                    .log("revocation list for devices cannot be had");
        }
    }

    /** When the first list ends of those that hold; {@link Instant#MAX}: none does. */
    Instant firstEndAfter(Instant now) {
        return lists.all().stream()
                .filter(held -> held.holdsAt(now))
                .map(held -> held.crl().nextUpdate())
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }

    private Duration left(Instant now) {
        Instant end = firstEndAfter(now);
        return end.equals(Instant.MAX) ? Duration.ZERO : Duration.between(now, end);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Duration granted(Duration asked, Duration left) {
        Duration half = left.dividedBy(2);
        return left.isPositive() && asked.compareTo(half) > 0 ? half : asked;
    }
}
