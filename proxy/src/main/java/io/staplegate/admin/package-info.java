/**
 * The operator's HTTP endpoint: the status page, metrics, health, views of staples and devices, refresh, import and
 * export.
 *
 * <p>Floor 4: may call {@code staple}, {@code device}, {@code fetch}, {@code telemetry}, {@code config} and below. On
 * loopback by default. Knows nothing of handshakes or relays.
 */
@NullMarked
package io.staplegate.admin;

import org.jspecify.annotations.NullMarked;
