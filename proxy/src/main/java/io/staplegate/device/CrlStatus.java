package io.staplegate.device;

import io.staplegate.ocsp.RevocationReason;
import java.time.Instant;

/** What the revocation lists say of one certificate at one moment. */
public sealed interface CrlStatus {
    /** It is not revoked. {@code from}, {@code until}: thisUpdate and nextUpdate of what says so. */
    record Good(Instant from, Instant until) implements CrlStatus {}

    /**
     * It is revoked, and stays so whether or not the list has ended: until a newer one says something else.
     *
     * @param from thisUpdate of what says so
     * @param since to the minute
     * @param until nextUpdate of what says so
     */
    record Revoked(Instant from, Instant since, RevocationReason reason, Instant until) implements CrlStatus {}

    /** It was not revoked when the last known list, which is from then, ended. */
    record Ended(Instant from, Instant nextUpdate) implements CrlStatus {}

    /** There is a list that it may be on, but it is not here, or not yet, or not for this certificate. */
    record Unavailable() implements CrlStatus {}

    /** There is no list to look at: the certificate names none, and none that is configured is of its CA. */
    record NoSource() implements CrlStatus {}
}
