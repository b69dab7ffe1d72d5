package io.staplegate.telemetry;

/** Why a device's certificates did not authenticate it (RFC 5280 §6). */
public enum PathFault {
    /** There is none, and one is required. */
    NO_CERTIFICATE,
    /** It cannot be decoded. */
    MALFORMED,
    /** No path leads to a trust anchor. */
    UNKNOWN_CA,
    /** An issuer by name and key identifier is known, and did not sign it. */
    BAD_SIGNATURE,
    EXPIRED,
    NOT_YET_VALID,
    /** A key usage or extended key usage without what a TLS client needs, or a CA's certificate as a device's. */
    WRONG_USAGE,
    /** The key or the digest of one of them. */
    WEAK,
    /** A certificate issued others, and is no CA's. */
    NOT_A_CA,
    /** More certificates than a CA of the path allows, or than the proxy does. */
    PATH_TOO_LONG,
    /** A name that a CA of the path may not certify. */
    NAME_CONSTRAINT,
    /** An unknown critical extension, or a policy. */
    UNSUPPORTED,
    /** The path is valid, and the device does not have the key. */
    UNPROVEN
}
