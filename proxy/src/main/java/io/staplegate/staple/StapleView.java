package io.staplegate.staple;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sees of one certificate's staple.
 *
 * @param identity name of the identity
 * @param certificate serial in lower-case hex
 * @param position in the chain as sent; 0 is the leaf
 * @param subject distinguished name
 * @param status {@code good}, {@code revoked}, {@code unknown} or {@code absent}
 * @param responder the URL that is asked, or null where there is none
 * @param thisUpdate null without a staple
 * @param nextUpdate null without a staple
 * @param fetchedAt null without a staple
 * @param nextRefresh null where none is planned
 * @param lastError of the last attempt, or null where it succeeded
 * @param bytes size of the staple as sent; 0 without one
 * @param rung how the staple was had: {@code responder}, {@code next_responder}, {@code other_method},
 *     {@code other_hash}, {@code upstream} or {@code imported}; {@code stored} where it was kept over a restart;
 *     {@code last_good} where the last look found no answer; {@code nothing} without a staple; null where no staple is
 *     wanted
 * @param stapling {@code auto}, {@code must} (also where the certificate itself demands a staple, RFC 7633) or
 *     {@code off}
 * @param expires when the certificate itself does
 */
public record StapleView(
        String identity,
        String certificate,
        int position,
        String subject,
        String status,
        @Nullable String responder,
        @Nullable Instant thisUpdate,
        @Nullable Instant nextUpdate,
        @Nullable Instant fetchedAt,
        @Nullable Instant nextRefresh,
        @Nullable String lastError,
        int bytes,
        @Nullable String rung,
        String stapling,
        Instant expires) {}
