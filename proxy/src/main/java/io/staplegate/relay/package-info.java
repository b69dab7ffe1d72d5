/**
 * Bytes between a device and its backend: connecting, back-pressure, half-close, PROXY protocol.
 *
 * <p>Floor 1: may call {@code config}, {@code net} and {@code telemetry}. Runs on the event loop of the device channel
 * and never blocks it. Knows nothing of TLS: both ends are Netty channels.
 */
@NullMarked
package io.staplegate.relay;

import org.jspecify.annotations.NullMarked;
