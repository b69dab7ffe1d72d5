/**
 * Devices in great number: each speaks DTLS 1.2 from an address of its own in 127.0.0.0/8, and verifies nothing but that
 * the server has its key; the devices of {@code probe} are those that judge.
 */
@NullMarked
package io.staplegate.loadtest.device;

import org.jspecify.annotations.NullMarked;
