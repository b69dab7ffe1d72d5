package io.staplegate.loadtest.start;

/**
 * One start; its JSON has these names. The CPU is the proxy's process's, in seconds.
 *
 * @param ready seconds from the launcher to the ready line
 * @param firstHandshake seconds from the launcher to the end of the first handshake
 * @param startCpu until the ready line
 * @param handshakesCpu of the handshakes that followed
 */
public record ColdStart(double ready, double firstHandshake, double startCpu, double handshakesCpu) {}
