/**
 * The HTTP client for responders: deadline, size, redirects, concurrency, backoff.
 *
 * <p>Floor 1: may call {@code config}, {@code ocsp} and {@code telemetry}. Home of {@code java.net.http}. Runs on
 * virtual threads and blocks them. Knows nothing of what the bytes mean or who asked.
 */
@NullMarked
package io.staplegate.fetch;

import org.jspecify.annotations.NullMarked;
