/**
 * The operator's HTTP endpoint: metrics, health, views of staples, devices and sessions, reload, refresh, import and
 * export.
 *
 * <p>Floor 4: may call {@code staple}, {@code device}, {@code identity}, {@code relay}, {@code telemetry},
 * {@code config} and below. On loopback by default; {@code Guard} says who may ask for what. Knows nothing of
 * handshakes, and of sessions only what their book says.
 */
@NullMarked
package io.staplegate.admin;

import org.jspecify.annotations.NullMarked;
