/**
 * Tools that put load on a running proxy and say what it cost: bytes exactly, time as percentiles, CPU by the kernel's
 * own account of the proxy's process.
 */
@NullMarked
package io.staplegate.loadtest;

import org.jspecify.annotations.NullMarked;
