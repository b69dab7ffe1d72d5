package io.staplegate.device;

/** What a device was judged by. */
public enum Evidence {
    CRL,
    OCSP,
    /** The OCSP response that the device sent itself (RFC 8446 §4.4.2.1). */
    STAPLE,
    DENY_LIST
}
