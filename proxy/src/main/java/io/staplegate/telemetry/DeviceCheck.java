package io.staplegate.telemetry;

/** What came of one check of a device's certificate against what is known of its revocation. */
public enum DeviceCheck {
    GOOD,
    /** The last known answer has ended, nothing newer can be had, and the grace has not. */
    GOOD_IN_GRACE,
    REVOKED,
    /** By the operator's own list. */
    DENIED,
    /** A responder does not know the certificate; the policy let it in. */
    UNKNOWN_ALLOWED,
    UNKNOWN_REFUSED,
    /** There is nobody to ask. */
    NO_SOURCE_ALLOWED,
    NO_SOURCE_REFUSED,
    /** Nobody could say in time: failed open. */
    UNAVAILABLE_ALLOWED,
    /** The same: failed shut. */
    UNAVAILABLE_REFUSED,
    /** The policy is not to check. */
    NOT_CHECKED
}
