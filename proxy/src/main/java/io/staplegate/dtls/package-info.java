/**
 * The UDP listener: the cookie gate, handshakes on virtual threads, sessions, connection ids.
 *
 * <p>Floor 4: may call {@code handshake}, {@code device}, {@code relay}, {@code config}, {@code telemetry} and
 * {@code net}. What it owns is how datagrams reach the right session, and how a flight leaves in as few of them as it
 * fits into. It must not know what a backend is.
 */
@NullMarked
package io.staplegate.dtls;

import org.jspecify.annotations.NullMarked;
