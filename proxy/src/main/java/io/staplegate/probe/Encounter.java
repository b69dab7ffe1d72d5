package io.staplegate.probe;

import java.time.Duration;

/**
 * One full handshake that came to its end.
 *
 * @param bytesSent of TLS, from the ClientHello to the end of the handshake
 * @param bytesReceived likewise
 * @param connecting until there was a connection; a part of {@code took}
 * @param took from connecting to the end of the handshake
 */
public record Encounter(Presented presented, long bytesSent, long bytesReceived, Duration connecting, Duration took) {}
