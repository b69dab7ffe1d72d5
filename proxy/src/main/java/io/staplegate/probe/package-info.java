/**
 * A client of TLS and DTLS that acts as a device: one full handshake, and a judgement of what the server sent in it.
 *
 * <p>Floor 4: may call {@code handshake} for its cryptography, {@code ocsp}, {@code config} and {@code net}. Knows no
 * proxy: what it meets may be any server. Never resumes, makes up no application data, and reads no clock but for
 * how long a handshake takes.
 */
@NullMarked
package io.staplegate.probe;

import org.jspecify.annotations.NullMarked;
