package io.staplegate.ocsp;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a verified response says of one certificate.
 *
 * @param der the whole OCSPResponse; never changed after construction
 * @param status what it says
 * @param producedAt when it was signed
 * @param thisUpdate from when on it holds
 * @param nextUpdate until when it holds: its own nextUpdate, or the end of its delegated signer if that comes first
 * @param revokedAt null unless revoked
 * @param hashes the hashes of the CertIDs by which it names the certificate (R12)
 */
public record OcspAnswer(
        byte[] der,
        Status status,
        Instant producedAt,
        Instant thisUpdate,
        Instant nextUpdate,
        @Nullable Instant revokedAt,
        Set<CertIdHash> hashes) {

    /** The status of a certificate (RFC 6960 §2.2). */
    public enum Status {
        GOOD,
        REVOKED,
        UNKNOWN
    }
}
