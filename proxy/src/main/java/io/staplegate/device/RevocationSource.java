package io.staplegate.device;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Somebody who can say whether certificates are revoked. Safe for use by any thread; never blocks. */
interface RevocationSource {
    /** What it is known to say now. */
    Word known(Credential credential, Instant now);

    /** Finds out. Done at once where that takes no waiting, or where waiting is of no use yet. */
    CompletableFuture<Word> find(Credential credential);

    /**
     * A certificate is in use: what is known of it is kept fresh.
     *
     * @param isNeeded whether what all sources know does not suffice, so that what is not known is to be found out
     */
    void use(Credential credential, boolean isNeeded);
}
