/**
 * How fast a proxy starts, and what its first handshakes cost, with and without the JVM's AOT cache.
 *
 * <p>Starts prepared folders as their launcher does, in turns, and meets them as a device.
 */
@NullMarked
package io.staplegate.loadtest.start;

import org.jspecify.annotations.NullMarked;
