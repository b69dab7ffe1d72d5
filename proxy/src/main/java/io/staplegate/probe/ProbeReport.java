package io.staplegate.probe;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a probe found; its JSON has these names.
 *
 * @param ok whether the handshake, the chain, the name and every staple verify, and one came if asked for
 * @param protocol {@code TLSv1.2}, {@code TLSv1.3} or {@code DTLSv1.2}; null where there was no handshake
 * @param suite the cipher suite's IANA name; null where there was no handshake
 * @param connectionId of the device's datagrams, in hex; null where none was agreed on
 * @param chain as it was sent, the leaf first
 * @param bytesSent from the ClientHello to the end of the handshake, also of one that failed
 * @param bytesReceived likewise
 * @param datagramsSent likewise; 0 over TCP
 * @param datagramsReceived likewise
 * @param connectMilliseconds until there was a connection
 * @param handshakeMilliseconds from then to the end of the handshake
 * @param faults everything that does not verify, for people; empty: all is well
 */
public record ProbeReport(
        boolean ok,
        @Nullable String protocol,
        @Nullable String suite,
        @Nullable String connectionId,
        List<Certificate> chain,
        long bytesSent,
        long bytesReceived,
        long datagramsSent,
        long datagramsReceived,
        long connectMilliseconds,
        long handshakeMilliseconds,
        List<String> faults) {

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
     * @param thisUpdate null where it is unusable
     * @param nextUpdate null where it is unusable
     * @param ageSeconds since its thisUpdate; null where it is unusable
     * @param bytes its size
     */
    public record Staple(
            String verdict,
            List<String> reasons,
            @Nullable Instant thisUpdate,
            @Nullable Instant nextUpdate,
            @Nullable Long ageSeconds,
            int bytes) {}

    /** Of a handshake that came to nothing. */
    static ProbeReport failed(HandshakeFailure failure) {
        Traffic traffic = failure.traffic();
        return new ProbeReport(
                false,
                null,
                null,
                null,
                List.of(),
                traffic.bytesSent(),
                traffic.bytesReceived(),
                traffic.datagramsSent(),
                traffic.datagramsReceived(),
                0,
                0,
                List.of(failure.reason()));
    }
}
