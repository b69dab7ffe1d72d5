/**
 * The providers of cryptography, none of which is installed globally: which there are, and who verifies a signature.
 *
 * <p>Floor 0: calls no other room. Home of Corretto.
 */
@NullMarked
package io.staplegate.crypto;

import org.jspecify.annotations.NullMarked;
