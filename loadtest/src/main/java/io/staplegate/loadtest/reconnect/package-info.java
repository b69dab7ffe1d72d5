/**
 * A fleet of devices, each with a certificate of its own, that comes back at once to a proxy that knows none of them:
 * how long that takes, what it costs the responder, and what the policy and its limits make of it.
 *
 * <p>Calls {@code demo} for certificates and responder, and {@code probe} for the devices. The proxy is a process of
 * its own.
 */
@NullMarked
package io.staplegate.loadtest.reconnect;

import org.jspecify.annotations.NullMarked;
