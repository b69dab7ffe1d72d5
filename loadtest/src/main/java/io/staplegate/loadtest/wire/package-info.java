/**
 * What a handshake weighs on the wire: real clients against two servers in turn, counted on the way.
 */
@NullMarked
package io.staplegate.loadtest.wire;

import org.jspecify.annotations.NullMarked;
