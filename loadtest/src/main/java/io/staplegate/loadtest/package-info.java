/**
 * Tools that put load on a running proxy and say what it cost: bytes exactly, time as percentiles, CPU by the kernel's
 * own account of the proxy's process.
 *
 * <p>The device is the one of {@code probe}, the command line behaves as {@code app}'s. {@code handshakes} knows
 * nothing else of the proxy, which may be any TLS or DTLS server; the other tools start one by themselves.
 */
@NullMarked
package io.staplegate.loadtest;

import org.jspecify.annotations.NullMarked;
