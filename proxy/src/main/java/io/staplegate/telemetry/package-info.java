/**
 * Every metric that Staplegate has, one typed method each.
 *
 * <p>Floor 0: calls no other room. Home of Micrometer and the Prometheus registry; it knows Netty only as something
 * that is measured. No label here takes a value that a device can choose.
 */
@NullMarked
package io.staplegate.telemetry;

import org.jspecify.annotations.NullMarked;
