package io.staplegate.ocsp;

import java.time.Instant;

/**
 * That a certificate is revoked.
 *
 * @param since to the hour
 */
public record Revocation(Instant since, RevocationReason reason) {}
