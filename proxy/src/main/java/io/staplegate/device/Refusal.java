package io.staplegate.device;

import io.staplegate.fetch.Download.Version;
import java.time.Duration;
import java.time.Instant;

/**
 * Why a file that a server has is no list to keep. While it stands, the file is not sent again: it would be judged the
 * same.
 *
 * @param version by which the server tells the file from another; {@link Version#NONE} where it does not, or where the
 *     file is to be looked at again
 * @param text for people
 * @param mends when time alone makes it a list to keep; {@link Instant#MAX}: never
 * @param since when the file was judged. A clock that was set back since then was wrong, and so may the judgement be
 */
record Refusal(Version version, String text, Instant mends, Instant since) {
    /** Some servers name two files alike, or take any that is not newer for the same. A list must not wait for ever. */
    private static final Duration LONGEST = Duration.ofHours(6);

    boolean standsAt(Instant now) {
        return !version.equals(Version.NONE)
                && !now.isBefore(since)
                && now.isBefore(mends)
                && now.isBefore(since.plus(LONGEST));
    }
}
