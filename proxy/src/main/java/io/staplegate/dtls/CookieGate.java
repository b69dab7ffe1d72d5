package io.staplegate.dtls;

import io.staplegate.telemetry.Telemetry.DatagramDrop;
import java.net.InetSocketAddress;
import org.bouncycastle.tls.DTLSRequest;

/**
 * Keeps strangers out: a ClientHello goes on only with a cookie that was sent to its source (RFC 6347 §4.2.1). Keeps no
 * state for a source; its secret rotates, and the former one is good too. Safe for use by any thread.
 */
final class CookieGate {
    /** What becomes of a datagram from an address without a session. */
    sealed interface Answer {}

    /** The cookie is right: a handshake may begin. {@code hello}: the same for a retransmission of the same hello. */
    record Verified(DTLSRequest request, int hello) implements Answer {}

    /** Send this, which is not larger than what came. */
    record Challenge(byte[] helloVerifyRequest) implements Answer {}

    /** Send nothing. */
    record Ignored(DatagramDrop why) implements Answer {}

    /** Judges a datagram; it is not changed, and not kept (but for what {@link Verified} has). */
    Answer judge(InetSocketAddress source, byte[] datagram, int length) {
        throw new UnsupportedOperationException();
    }
}
