package io.staplegate.relay;

import org.jspecify.annotations.Nullable;

/**
 * A device that has shown a certificate, which was verified.
 *
 * @param commonName of its subject, or null
 * @param name what it is known by, as the configuration chooses; null where its certificate has no such name
 */
public record CertifiedDevice(
        @Nullable String commonName, @Nullable String name) {}
