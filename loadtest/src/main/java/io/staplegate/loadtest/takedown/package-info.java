/**
 * A responder that is taken down by a flood of requests, and then is dead, while devices shake hands with the proxy at
 * a steady pace: none of them may notice.
 */
@NullMarked
package io.staplegate.loadtest.takedown;

import org.jspecify.annotations.NullMarked;
