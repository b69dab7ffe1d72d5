package io.staplegate.config;

import java.net.URI;
import java.util.List;

/**
 * The OCSP responder inside the network: {@code mirror}.
 *
 * @param bind the local address
 * @param issuers CAs whose certificates are answered for, beside those that issued the identities' chains
 * @param nonce what becomes of a request with a nonce (RFC 9654)
 * @param maxConnections at once
 * @param maxConnectionsPerSource at once from one address
 * @param maxRequestsPerSecondPerSource that one address may go on with; it may begin with twenty times as many, as a
 *     site behind one address does when its power comes back
 */
public record MirrorConfig(
        @Default("127.0.0.1:8889") SocketAddress.HostPort bind,
        List<Issuer> issuers,
        @Default("ignore") Nonce nonce,
        @Default("1000") @Range(min = "1") int maxConnections,
        @Default("256") @Range(min = "1") int maxConnectionsPerSource,
        @Default("1000") @Range(min = "1") int maxRequestsPerSecondPerSource) {

    /** {@code ignore}: answer from the cache, without the nonce; {@code forward}: ask the responder each time. */
    public enum Nonce {
        IGNORE,
        FORWARD
    }

    /**
     * A CA of devices, say.
     *
     * @param certificate PEM, the CA's certificate
     * @param responders URLs in order of preference
     * @param crls URLs of its revocation lists, which are answered under their own paths
     */
    public record Issuer(FileReference certificate, List<URI> responders, List<URI> crls) {}
}
