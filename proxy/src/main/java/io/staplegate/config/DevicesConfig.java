package io.staplegate.config;

import org.jspecify.annotations.Nullable;

/**
 * What holds for the devices of all listeners: {@code devices}.
 *
 * @param denyList file of devices that are kept out, a line each; watched
 * @param maxConcurrentFetches requests about devices at a time, beside {@code ocsp.maxConcurrentFetches}
 */
public record DevicesConfig(
        @Nullable FileReference denyList,
        @Default("32") @Range(min = "1") int maxConcurrentFetches) {}
