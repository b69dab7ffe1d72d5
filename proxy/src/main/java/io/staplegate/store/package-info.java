/**
 * What outlives a restart: files that are replaced as a whole, and folders of them.
 *
 * <p>Floor 0: may call {@code telemetry}. A fault of a disk costs persistence only, never what is served. Knows nothing
 * of what is in a file, and trusts none of it.
 */
@NullMarked
package io.staplegate.store;

import org.jspecify.annotations.NullMarked;
