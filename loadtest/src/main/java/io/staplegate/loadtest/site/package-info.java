/**
 * Many sites of one proxy: their certificates, the responder of these, which can be taken down and counts what it is
 * asked, and devices that come for staples and judge them.
 *
 * <p>Calls {@code demo} for certificates and responder, and {@code probe} for the devices. Knows nothing of how the
 * proxy runs.
 */
@NullMarked
package io.staplegate.loadtest.site;

import org.jspecify.annotations.NullMarked;
