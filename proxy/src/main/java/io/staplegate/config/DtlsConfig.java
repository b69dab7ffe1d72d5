package io.staplegate.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What only a DTLS listener has: {@code dtls} of a listener.
 *
 * @param mtu largest UDP payload sent, in bytes
 * @param retransmit the initial retransmission timer (RFC 6347 §4.2.4.1)
 * @param connectionIdLength bytes of the connection id that devices echo (RFC 9146); 0: none
 * @param keepSessions keep resumable sessions over a restart
 * @param psk file of pre-shared keys
 */
public record DtlsConfig(
        @Default("1232") @Range(min = "256", max = "65507") int mtu,
        @Default("1s") Duration retransmit,
        @Default("6") @Range(max = "255") int connectionIdLength,
        @Default("false") boolean keepSessions,
        @Nullable FileReference psk) {}
