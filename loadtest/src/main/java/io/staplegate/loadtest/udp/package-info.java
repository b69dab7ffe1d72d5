/**
 * What lies between a device and a UDP server on loopback: datagrams that are counted, lost, or sent from other
 * addresses of this machine.
 *
 * <p>Knows no DTLS beyond the first byte of a record.
 */
@NullMarked
package io.staplegate.loadtest.udp;

import org.jspecify.annotations.NullMarked;
