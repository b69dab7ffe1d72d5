package io.staplegate.staple;

import io.staplegate.ocsp.OcspAnswer;
import java.time.Instant;

/**
 * One verified answer about one certificate, ready to be sent. Immutable.
 *
 * @param answer as it came from the responder
 * @param dressed the bytes to send (R55)
 * @param fetchedAt when it was fetched
 */
public record Staple(OcspAnswer answer, byte[] dressed, Instant fetchedAt) {}
