/**
 * OCSP as pure functions of bytes and time: request, response, validator, dressing; and revocation lists.
 *
 * <p>Floor 0: may call {@code crypto}; opens no socket, reads no clock and no file. Judges a response exactly one way,
 * whether it comes from a responder, from the disk or from the command line (RFC 6960, RFC 9919).
 */
@NullMarked
package io.staplegate.ocsp;

import org.jspecify.annotations.NullMarked;
