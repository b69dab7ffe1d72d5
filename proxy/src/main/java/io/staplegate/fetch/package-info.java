/**
 * The HTTP client for responders: deadline, size, redirects, concurrency, backoff; and the clock, held against theirs.
 *
 * <p>Floor 1: may call {@code config}, {@code ocsp} and {@code telemetry}. Home of {@code java.net.http}. Runs on
 * virtual threads and blocks them. Knows nothing of who asked, and of what the bytes mean only when they were signed.
 */
@NullMarked
package io.staplegate.fetch;

import org.jspecify.annotations.NullMarked;
