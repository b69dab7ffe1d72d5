package io.staplegate.admin.status;

import io.staplegate.staple.StapleView;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** What is to be said of one certificate, worst first. */
enum Condition {
    REVOKED(Level.TROUBLE, "Revoked", "is revoked by its CA", "are revoked by their CA"),
    EXPIRED(Level.TROUBLE, "Expired", "has expired", "have expired"),
    REFUSED(
            Level.TROUBLE,
            "No staple",
            "must be stapled and has no staple, so devices that ask are refused",
            "must be stapled and have no staple, so devices that ask are refused"),
    UNKNOWN(Level.TROUBLE, "Unknown to the CA", "is not known to its responder", "are not known to their responders"),
    MISSING(Level.TROUBLE, "No staple", "has no staple", "have no staple"),
    ENDING(
            Level.TROUBLE,
            "Ends soon",
            "has a staple that ends soon and cannot be refreshed",
            "have staples that end soon and cannot be refreshed"),
    AGING(
            Level.ATTENTION,
            "Not refreshed",
            "could not be refreshed, and has its last good staple",
            "could not be refreshed, and have their last good staples"),
    ABOVE(Level.ATTENTION, "No staple", "of a CA has no staple", "of CAs have no staple"),
    AWAITED(Level.ATTENTION, "No staple yet", "waits for its first staple", "wait for their first staples"),
    FRESH(Level.GOOD, "Good", "has a fresh staple", "have fresh staples"),
    NO_RESPONDER(
            Level.IDLE,
            "No responder",
            "names no OCSP responder, and needs no staple",
            "name no OCSP responder, and need no staple"),
    OFF(Level.IDLE, "Off", "is not stapled, as configured", "are not stapled, as configured");

    /** Of its validity: with less left and no refresh, a staple is about to be missed. */
    private static final int SOON = 10;

    private final Level level;
    private final String word;
    private final String ofOne;
    private final String ofSeveral;

    Condition(Level level, String word, String ofOne, String ofSeveral) {
        this.level = level;
        this.word = word;
        this.ofOne = ofOne;
        this.ofSeveral = ofSeveral;
    }

    Level level() {
        return level;
    }

    /** For a row. */
    String word() {
        return word;
    }

    /** Of so many certificates: {@code 2 certificates are revoked by their CA}. */
    String sentence(long certificates) {
        return Words.count(certificates, "certificate") + " " + (certificates == 1 ? ofOne : ofSeveral);
    }

    /** The condition of a certificate at a moment. */
    static Condition of(StapleView staple, Instant now) {
        if (staple.status().equals("revoked")) {
            return REVOKED;
        }
        if (!now.isBefore(staple.expires())) {
            return EXPIRED;
        }
        if (staple.thisUpdate() != null) {
            return held(staple, now);
        }
        if (staple.stapling().equals("off")) {
            return OFF;
        }
        boolean leaf = staple.position() == 0;
        if (leaf && staple.stapling().equals("must")) {
            return REFUSED;
        }
        if (staple.status().equals("unknown")) {
            return UNKNOWN;
        }
        if (staple.responder() == null) {
            return NO_RESPONDER;
        }
        if (staple.lastError() == null) {
            return AWAITED;
        }
        return leaf ? MISSING : ABOVE;
    }

    private static Condition held(StapleView staple, Instant now) {
        if (staple.lastError() == null) {
            return FRESH;
        }
        Instant from = Objects.requireNonNull(staple.thisUpdate());
        Instant until = Objects.requireNonNull(staple.nextUpdate());
        Duration left = Duration.between(now, until);
        return left.multipliedBy(SOON).compareTo(Duration.between(from, until)) < 0 ? ENDING : AGING;
    }
}
