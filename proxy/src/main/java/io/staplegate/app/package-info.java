/**
 * The roof: the command line and the wiring of every room.
 */
@NullMarked
package io.staplegate.app;

import org.jspecify.annotations.NullMarked;
