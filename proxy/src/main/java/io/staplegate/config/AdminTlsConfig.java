package io.staplegate.config;

import org.jspecify.annotations.Nullable;

/**
 * HTTPS at the admin endpoint: {@code admin.tls}.
 *
 * @param certificate PEM, the endpoint's own first, then intermediates
 * @param key PEM, of that certificate; not encrypted
 * @param trustAnchors PEM bundle of the CAs of clients: who has no certificate of theirs is not served; absent: clients
 *     are not asked for one
 */
public record AdminTlsConfig(
        FileReference certificate,
        FileReference key,
        @Nullable FileReference trustAnchors) {}
