package io.staplegate.probe;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server presented in a handshake. Not verified, but for the server having the leaf's key.
 *
 * @param version {@code TLSv1.2}, {@code TLSv1.3} or {@code DTLSv1.2}
 * @param suite the cipher suite's IANA name
 * @param chain as it was sent, the leaf first
 * @param staples OCSP responses in DER by position in the chain; null where there is none, and as long as the chain
 * @param connectionId what the device's datagrams are to carry (RFC 9146); null where that was not agreed on
 */
public record Presented(
        String version,
        String suite,
        List<X509Certificate> chain,
        List<byte @Nullable []> staples,
        byte @Nullable [] connectionId) {}
