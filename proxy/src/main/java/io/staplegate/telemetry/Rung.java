package io.staplegate.telemetry;

/** Where the ladder of fallbacks ended for one certificate. */
public enum Rung {
    /** The first responder. */
    RESPONDER,
    NEXT_RESPONDER,
    /** POST where GET was refused, or the other way. */
    OTHER_METHOD,
    /** A CertID with another hash than the configured one. */
    OTHER_HASH,
    /** The mirror of another Staplegate. */
    UPSTREAM,
    /** Carried in by an operator. */
    IMPORTED,
    /** Nobody answered; what is held is valid. */
    LAST_GOOD,
    NOTHING
}
