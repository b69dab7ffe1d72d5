/** What tests of several rooms need: a responder with every fault, and the responses that go with them. */
@NullMarked
package io.staplegate.testing;

import org.jspecify.annotations.NullMarked;
