package io.staplegate.relay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One open session, for operators.
 *
 * @param id what {@code sessions kill} takes; never given to another one
 * @param listener that the device came to
 * @param source the device's address
 * @param version of the protocol: {@code TLSv1.2}, {@code TLSv1.3} or {@code DTLSv1.2}
 * @param serverName what the device asked for by SNI
 * @param identity whose certificate it was shown; null: a pre-shared key
 * @param device what it is called by the credentials that it has shown
 * @param backend that it goes to
 * @param opened when its handshake was over
 * @param bytesFromDevice application bytes that the device sent
 * @param bytesToDevice application bytes that the backend sent
 * @param idleSeconds since the last byte either way
 */
public record SessionView(
        String id,
        String listener,
        String source,
        String version,
        @Nullable String serverName,
        @Nullable String identity,
        @Nullable String device,
        String backend,
        Instant opened,
        long bytesFromDevice,
        long bytesToDevice,
        long idleSeconds) {}
