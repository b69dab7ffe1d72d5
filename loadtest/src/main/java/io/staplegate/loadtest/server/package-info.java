/**
 * Servers that are put to the test, each in a process of its own: the proxy with all that it needs, OpenSSL's and
 * Scandium's; and what such a process costs.
 *
 * <p>Calls {@code demo} for certificates, responder and backend.
 */
@NullMarked
package io.staplegate.loadtest.server;

import org.jspecify.annotations.NullMarked;
