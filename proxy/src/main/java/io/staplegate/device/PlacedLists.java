package io.staplegate.device;

import io.staplegate.ocsp.Crl;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The lists that came from one place: of each CA, scope and kind the last. Lists come unprotected, and anybody on the
 * way can hand out another one that verifies as well: of the CA above, of another partition, a delta. None of those
 * takes the place of the one that it says nothing of. Immutable.
 */
final class PlacedLists {
    /** A CA that rolls its key over has two at a time, and so has one that divides its list. */
    static final int MOST = 4;

    static final PlacedLists NONE = new PlacedLists(new HeldList[MOST]);

    /** A list stays in its slot, since that is what its file is named by. */
    private final @Nullable HeldList[] slots;

    private PlacedLists(@Nullable HeldList[] slots) {
        this.slots = slots;
    }

    List<HeldList> all() {
        return Stream.of(slots).filter(Objects::nonNull).toList();
    }

    boolean isEmpty() {
        return all().isEmpty();
    }

    /** When the last of them ends; null: there is none. */
    @Nullable
    Instant end() {
        return all().stream()
                .map(held -> held.crl().nextUpdate())
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Where one that is held is; -1: it is not. */
    int slot(HeldList list) {
        return IntStream.range(0, MOST)
                .filter(slot -> isSame(list, slots[slot]))
                .findFirst()
                .orElse(-1);
    }

    /**
     * Why a list is not to be held; null: it may be. One that was signed before its predecessor is a replay. What has
     * ended is no measure for what has not: a CA that was set up anew counts from 1 again.
     */
    @Nullable
    String objectionAt(Instant now, HeldList list) {
        Crl crl = list.crl();
        boolean isReplayed = all().stream()
                .filter(held -> isReplacedBy(list, held) && !(list.holdsAt(now) && !held.holdsAt(now)))
                .anyMatch(held -> crl.isOlderThan(held.crl()));
        if (isReplayed) {
            return "the list of " + crl.thisUpdate() + " is older than the one that is held";
        }
        return slotFor(list, now) < 0 ? "there are " + MOST + " lists of others from there that still hold" : null;
    }

    /** These and another one, to which nothing {@link #objectionAt objects}; this itself where it has that one. */
    PlacedLists with(HeldList list, Instant now) {
        int slot = slotFor(list, now);
        if (slot(list) >= 0) {
            return this;
        }
        @Nullable HeldList[] next = slots.clone();
        for (int i = 0; i < MOST; i++) {
            if (isReplacedBy(list, next[i])) {
                next[i] = null;
            }
        }
        next[slot] = list;
        return new PlacedLists(next);
    }

    /** That of its predecessor, else a free one, else that of who ended first; -1: all others hold. */
    private int slotFor(HeldList list, Instant now) {
        for (int i = 0; i < MOST; i++) {
            if (isReplacedBy(list, slots[i])) {
                return i;
            }
        }
        int best = -1;
        for (int i = 0; i < MOST; i++) {
            HeldList held = slots[i];
            if (held == null) {
                return i;
            }
            boolean isEarlier = best < 0
                    || held.crl()
                            .nextUpdate()
                            .isBefore(Objects.requireNonNull(slots[best]).crl().nextUpdate());
            best = !held.holdsAt(now) && isEarlier ? i : best;
        }
        return best;
    }

    private static boolean isReplacedBy(HeldList list, @Nullable HeldList held) {
        return held != null && held.isOf(list.signer()) && list.crl().speaksForAllOf(held.crl());
    }

    private static boolean isSame(HeldList list, @Nullable HeldList held) {
        return held != null && held.isOf(list.signer()) && !list.crl().differsFrom(held.crl());
    }
}
