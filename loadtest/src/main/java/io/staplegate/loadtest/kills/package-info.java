/**
 * {@code kill -9} at random in the middle of refreshes: what the store has afterwards, as devices see it while there is
 * no responder to make up for a loss.
 */
@NullMarked
package io.staplegate.loadtest.kills;

import org.jspecify.annotations.NullMarked;
