/**
 * The operator's HTTP endpoint: metrics, health, the staples view, refresh, import and export.
 *
 * <p>Floor 4: may call {@code staple}, {@code telemetry}, {@code config} and below. Loopback by default. Knows nothing
 * of handshakes or relays.
 */
@NullMarked
package io.staplegate.admin;

import org.jspecify.annotations.NullMarked;
