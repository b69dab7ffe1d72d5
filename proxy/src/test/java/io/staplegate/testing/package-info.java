/** What tests of several rooms need: a responder with every fault, other programs, and the proxy as a process. */
@NullMarked
package io.staplegate.testing;

import org.jspecify.annotations.NullMarked;
