/**
 * An embedded certificate authority, OCSP responder and backends, for {@code staplegate demo} and for tests.
 *
 * <p>Roof: stands beside {@code app}, and nothing but {@code app} calls it. Nothing here guards anything real.
 */
@NullMarked
package io.staplegate.demo;

import org.jspecify.annotations.NullMarked;
