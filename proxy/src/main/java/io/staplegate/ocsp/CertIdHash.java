package io.staplegate.ocsp;

/** The hash that a CertID is made with (RFC 6960 §4.1.1, R11). */
public enum CertIdHash {
    SHA1,
    SHA256
}
