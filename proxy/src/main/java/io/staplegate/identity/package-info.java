/**
 * Who the proxy is: certificate chains, private keys, and the immutable table from server name to identity.
 *
 * <p>Floor 1: may call {@code config}, {@code ocsp}, {@code crypto} and {@code telemetry}. Home of PEM and PKCS#11. A
 * table is validated as a whole and swapped as a whole; knows nothing of staples or handshakes.
 */
@NullMarked
package io.staplegate.identity;

import org.jspecify.annotations.NullMarked;
