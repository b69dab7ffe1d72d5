package io.staplegate.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What only a DTLS listener has: {@code dtls} of a listener.
 *
 * @param mtu largest UDP payload sent, in bytes
 * @param retransmit the initial retransmission timer; the wait doubles up to a minute (RFC 6347 §4.2.4.1)
 * @param connectionIdLength bytes of the connection id that devices echo (RFC 9146); 0: none
 * @param rsa offer the cipher suites that need an RSA certificate, too
 * @param maxHandshakes handshakes that go on at once, after the cookie
 * @param maxHandshakesPerSource the same, from one source address
 * @param keepSessions keep resumable sessions over a restart
 * @param sessionKey file of 32 random bytes that the kept sessions are encrypted with
 * @param psk file of pre-shared keys
 */
public record DtlsConfig(
        @Default("1232") @Range(min = "256", max = "65507") int mtu,
        @Default("1s") @Range(max = "1m") Duration retransmit,
        @Default("6") @Range(max = "255") int connectionIdLength,
        @Default("false") boolean rsa,
        @Default("10000") @Range(min = "1") int maxHandshakes,
        @Default("1000") @Range(min = "1") int maxHandshakesPerSource,
        @Default("false") boolean keepSessions,
        @Nullable FileReference sessionKey,
        @Nullable FileReference psk) {}
