/**
 * Devices in great number: {@code probe}'s, each at an address of its own in 127.0.0.0/8, with a certificate of its own
 * where it needs one. What the server presents is not judged.
 */
@NullMarked
package io.staplegate.loadtest.device;

import org.jspecify.annotations.NullMarked;
