/**
 * Staples: which there are, when each is refreshed, and how they outlive an outage and a restart.
 *
 * <p>Floor 2: may call {@code identity}, {@code fetch}, {@code ocsp}, {@code store}, {@code config} and
 * {@code telemetry}. Staples are
 * immutable and published by one reference swap; publishing comes before persisting. Knows nothing of handshakes.
 */
@NullMarked
package io.staplegate.staple;

import org.jspecify.annotations.NullMarked;
