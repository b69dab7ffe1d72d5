/**
 * An outage of all responders in simulated time: the staple room and a TLS listener in this process, with a clock that
 * skips what nothing happens in. What is measured here are times by that clock; rates are by the real one.
 */
@NullMarked
package io.staplegate.loadtest.outage;

import org.jspecify.annotations.NullMarked;
