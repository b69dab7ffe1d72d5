/**
 * TLS over TCP: the listener and its pipeline, and the Netty handler over the TLS engine.
 *
 * <p>Floor 4: may call {@code handshake}, {@code device}, {@code relay} and everything below. The pipeline is assembled
 * in {@link TlsListener} and nowhere else.
 */
@NullMarked
package io.staplegate.tls;

import org.jspecify.annotations.NullMarked;
