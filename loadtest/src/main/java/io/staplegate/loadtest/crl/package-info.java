/**
 * A revocation list with millions of entries: how long it takes to load, what it weighs, what a look-up takes, and what
 * devices notice of a new one.
 */
@NullMarked
package io.staplegate.loadtest.crl;

import org.jspecify.annotations.NullMarked;
