/**
 * The proxy as a whole, as a child process, against real clients, brokers and proxies.
 *
 * <p>A client that is missing is a visible skip, or a failure with {@code -Dstaplegate.interop=required}.
 */
@NullMarked
package io.staplegate.interop;

import org.jspecify.annotations.NullMarked;
