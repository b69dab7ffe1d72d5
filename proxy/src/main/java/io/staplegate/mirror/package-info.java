/**
 * The OCSP responder inside the network, over HTTP: answers from what is kept, signs nothing.
 *
 * <p>Floor 4: may call {@code staple}, {@code device}, {@code ocsp}, {@code config}, {@code telemetry} and {@code net}.
 * Runs on event loops and never blocks them.
 */
@NullMarked
package io.staplegate.mirror;

import org.jspecify.annotations.NullMarked;
