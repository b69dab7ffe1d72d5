/**
 * What TLS and DTLS share: the server peer, which certificate and which staple for this ClientHello, resumption.
 *
 * <p>Floor 3: may call {@code staple}, {@code identity}, {@code ocsp}, {@code crypto}, {@code config} and
 * {@code telemetry}, and tells {@code relay} what it needs to know of a session. Home of Bouncy Castle's TLS engine.
 * Knows no socket and no Netty channel.
 */
@NullMarked
package io.staplegate.handshake;

import org.jspecify.annotations.NullMarked;
