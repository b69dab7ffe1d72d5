package io.staplegate.relay;

import java.time.Duration;

/**
 * What there is to say of a session when it is over.
 *
 * @param facts what its handshake told
 * @param bytesFromDevice application bytes that the device sent
 * @param bytesToDevice application bytes that the backend sent
 * @param duration from the end of the handshake to the end of both connections
 * @param end who ended it
 */
record SessionSummary(
        SessionFacts facts, long bytesFromDevice, long bytesToDevice, Duration duration, SessionEnd end) {}
