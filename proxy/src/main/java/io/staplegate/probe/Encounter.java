package io.staplegate.probe;

import java.time.Duration;

/**
 * One full handshake that came to its end.
 *
 * @param traffic from the ClientHello to the end of the handshake
 * @param connecting until there was a connection; a part of {@code took}
 * @param took from connecting to the end of the handshake
 */
public record Encounter(Presented presented, Traffic traffic, Duration connecting, Duration took) {}
