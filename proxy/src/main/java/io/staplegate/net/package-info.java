/**
 * Netty's transports: native epoll where there is one, NIO elsewhere.
 *
 * <p>Floor 0: calls no other room. The one place that knows which channel class goes with which address.
 */
@NullMarked
package io.staplegate.net;

import org.jspecify.annotations.NullMarked;
