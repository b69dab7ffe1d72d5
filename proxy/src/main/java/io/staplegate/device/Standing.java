package io.staplegate.device;

import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.config.ClientAuthConfig.Revocation;
import io.staplegate.config.ClientAuthConfig.WithoutSource;
import io.staplegate.device.Word.Silence;
import io.staplegate.telemetry.DeviceCheck;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a device, and why: the policy, as a function of what is known.
 *
 * @param by what decided; null: nothing did
 * @param until when that ends; null: it does not by itself
 * @param isFinal whether finding out more would change nothing
 */
record Standing(
        DeviceCheck outcome,
        @Nullable Evidence by,
        @Nullable Instant until,
        boolean isFinal) {
    static final Standing NOT_CHECKED = new Standing(DeviceCheck.NOT_CHECKED, null, null, true);
    static final Standing DENIED = new Standing(DeviceCheck.DENIED, Evidence.DENY_LIST, null, true);

    /** What counts most comes last. */
    private static final List<DeviceCheck> BY_WEIGHT = List.of(
            DeviceCheck.GOOD,
            DeviceCheck.GOOD_IN_GRACE,
            DeviceCheck.NO_SOURCE_ALLOWED,
            DeviceCheck.UNKNOWN_ALLOWED,
            DeviceCheck.UNAVAILABLE_ALLOWED,
            DeviceCheck.NO_SOURCE_REFUSED,
            DeviceCheck.UNKNOWN_REFUSED,
            DeviceCheck.UNAVAILABLE_REFUSED,
            DeviceCheck.REVOKED);

    /**
     * That of one certificate. A revocation stands until somebody says otherwise later; and longer where who said it is
     * preferred, and still says so. Then counts what is good now, by the first who says so; then what was good not long
     * ago; then that somebody does not know it.
     *
     * @param words what each source says, the preferred one's first
     */
    static Standing of(List<Word> words, Revocation config, Instant now) {
        Word.Good good = good(words, now);
        Word.Revoked revoked = revoked(words);
        if (revoked != null && (good == null || !isOverruled(revoked, good, words, now))) {
            return new Standing(DeviceCheck.REVOKED, revoked.by(), null, true);
        }
        if (good != null) {
            return new Standing(DeviceCheck.GOOD, good.by(), good.until(), true);
        }
        Word.Good last = lastGood(words);
        if (last != null && now.isBefore(last.until().plus(config.grace()))) {
            return new Standing(
                    DeviceCheck.GOOD_IN_GRACE, last.by(), last.until().plus(config.grace()), false);
        }
        boolean soft = config.policy() == Policy.SOFT;
        if (words.contains(Silence.UNKNOWN)) {
            return open(soft ? DeviceCheck.UNKNOWN_ALLOWED : DeviceCheck.UNKNOWN_REFUSED);
        }
        if (words.stream().allMatch(word -> word == Silence.NO_SOURCE)) {
            boolean allow = config.whenNoSource() == WithoutSource.ALLOW;
            return new Standing(
                    allow ? DeviceCheck.NO_SOURCE_ALLOWED : DeviceCheck.NO_SOURCE_REFUSED, null, null, true);
        }
        return open(soft ? DeviceCheck.UNAVAILABLE_ALLOWED : DeviceCheck.UNAVAILABLE_REFUSED);
    }

    /** That of a path: the worst of its certificates counts. */
    static Standing worst(List<Standing> standings) {
        boolean isFinal = standings.stream().allMatch(Standing::isFinal);
        Standing worst = standings.getFirst();
        for (Standing standing : standings) {
            worst = standing.weight() > worst.weight() ? standing : worst;
        }
        return new Standing(worst.outcome, worst.by, worst.until, isFinal || worst.outcome == DeviceCheck.REVOKED);
    }

    /** Whether the device may be here no longer, even where it is in. */
    boolean isOut() {
        return outcome == DeviceCheck.REVOKED || outcome == DeviceCheck.DENIED;
    }

    private int weight() {
        return BY_WEIGHT.indexOf(outcome);
    }

    private static Standing open(DeviceCheck outcome) {
        return new Standing(outcome, null, null, false);
    }

    private static boolean isOverruled(Word.Revoked revoked, Word.Good good, List<Word> words, Instant now) {
        boolean isPreferred = words.indexOf(revoked) < words.indexOf(good);
        return good.from().isAfter(revoked.from()) && !(isPreferred && revoked.holdsAt(now));
    }

    private static Word.@Nullable Good good(List<Word> words, Instant now) {
        for (Word word : words) {
            if (word instanceof Word.Good good && good.holdsAt(now)) {
                return good;
            }
        }
        return null;
    }

    private static Word.@Nullable Revoked revoked(List<Word> words) {
        Word.Revoked latest = null;
        for (Word word : words) {
            if (word instanceof Word.Revoked revoked
                    && (latest == null || revoked.from().isAfter(latest.from()))) {
                latest = revoked;
            }
        }
        return latest;
    }

    private static Word.@Nullable Good lastGood(List<Word> words) {
        Word.Good last = null;
        for (Word word : words) {
            if (word instanceof Word.Good good && (last == null || good.until().isAfter(last.until()))) {
                last = good;
            }
        }
        return last;
    }
}
