package io.staplegate.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the devices of all listeners: {@code devices}.
 *
 * @param denyList file of devices that are kept out, a line each; watched
 * @param recheck how often to look at least for something newer about devices that come, though what is known holds for
 *     longer; absent: at half of its validity
 * @param maxConcurrentFetches requests about devices at a time, beside {@code ocsp.maxConcurrentFetches}
 */
public record DevicesConfig(
        @Nullable FileReference denyList,
        @Range(min = "1s") @Nullable Duration recheck,
        @Default("32") @Range(min = "1") int maxConcurrentFetches) {}
