package io.staplegate.probe;

import java.util.Locale;

/** The certificate status that a device asks for. */
public enum StatusWish {
    NONE,
    /** status_request (RFC 6066 §8): the leaf's in TLS 1.2, each certificate's in TLS 1.3. */
    V1,
    /** Also status_request_v2, ocsp_multi (RFC 6961), as the JDK's client does: the whole chain's in TLS 1.2, too. */
    V2;

    /** As it is given on a command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
