package io.staplegate.probe;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a probe found.
 *
 * @param session null where there was no handshake
 * @param faults everything that does not verify, for people; empty: all is well
 */
public record ProbeReport(@Nullable Session session, List<String> faults) {
    /** Whether the handshake, the chain, the name and every staple verify, and one came if asked for. */
    public boolean ok() {
        return faults.isEmpty();
    }

    /**
     * A handshake that came to its end.
     *
     * @param version {@code TLSv1.2} or {@code TLSv1.3}
     * @param suite the cipher suite's IANA name
     * @param chain as it was sent, the leaf first
     * @param bytesSent of TLS, from the ClientHello to the end of the handshake
     * @param bytesReceived likewise
     * @param connecting until there was a connection
     * @param handshake from then to the end of the handshake
     */
    public record Session(
            String version,
            String suite,
            List<Certificate> chain,
            long bytesSent,
            long bytesReceived,
            Duration connecting,
            Duration handshake) {}

    /**
     * One certificate of the chain.
     *
     * @param serial in lower-case hex
     * @param staple null where none came for it
     */
    public record Certificate(
            String subject,
            String serial,
            Instant notAfter,
            @Nullable Staple staple) {}

    /**
     * One staple.
     *
     * @param verdict {@code good}, {@code revoked}, {@code unknown} or {@code unusable}
     * @param reasons what speaks against it; empty for {@code good}
     * @param bytes its size
     * @param thisUpdate null where it is unusable
     * @param nextUpdate null where it is unusable
     * @param age since its thisUpdate; null where it is unusable
     */
    public record Staple(
            String verdict,
            List<String> reasons,
            int bytes,
            @Nullable Instant thisUpdate,
            @Nullable Instant nextUpdate,
            @Nullable Duration age) {}
}
