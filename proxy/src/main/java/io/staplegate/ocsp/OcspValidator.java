package io.staplegate.ocsp;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Judges responses: the one place that decides what is a staple.
 *
 * @param clockSkew how far in the future a thisUpdate may be (R4)
 * @param maxAge how old a thisUpdate may be; null: until nextUpdate
 */
public record OcspValidator(Duration clockSkew, @Nullable Duration maxAge) {
    /** The largest response that is looked at, in bytes. */
    public static final int MAX_RESPONSE_BYTES = 64 * 1024;

    /** Judges one response about one certificate. */
    public Verdict judge(byte[] response, X509Certificate certificate, X509Certificate issuer, Instant at) {
        throw new UnsupportedOperationException(response.length + " " + certificate + issuer + at);
    }
}
