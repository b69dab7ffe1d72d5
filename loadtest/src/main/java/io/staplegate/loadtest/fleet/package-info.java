/**
 * A proxy with thousands of identities in a process of its own, in real time: what it asks its responder for at the
 * start, in steady refresh, over a restart and around an outage. Everything is counted at the responder.
 */
@NullMarked
package io.staplegate.loadtest.fleet;

import org.jspecify.annotations.NullMarked;
