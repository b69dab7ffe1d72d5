/**
 * The status page: what an operator sees at a glance, as HTML that is complete without JavaScript.
 *
 * <p>A part of {@code admin}, through whose doors it calls. {@link io.staplegate.admin.status.Snapshot} is what it is
 * made of, values that the rooms below hand out; the page is a pure function of them. Knows nothing of HTTP.
 */
@NullMarked
package io.staplegate.admin.status;

import org.jspecify.annotations.NullMarked;
