/**
 * Devices that are connected and then revoked by their CA, by OCSP or by a list, or denied by the operator: how long it
 * takes until they are cut off.
 *
 * <p>Calls {@code demo} for certificates and responder, and {@code probe} for the devices. The proxy is a process of
 * its own.
 */
@NullMarked
package io.staplegate.loadtest.revoke;

import org.jspecify.annotations.NullMarked;
