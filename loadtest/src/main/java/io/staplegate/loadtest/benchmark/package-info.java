/**
 * Benchmarks in memory: what the server's side of a handshake costs without sockets, measured by JMH.
 *
 * <p>Calls {@code handshake} and {@code tls} as the listener does, and {@code demo} for the certificates.
 */
@NullMarked
package io.staplegate.loadtest.benchmark;

import org.jspecify.annotations.NullMarked;
