package io.staplegate.device;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A CA whose certificates are answered for.
 *
 * @param responders its OCSP responders in order of preference; empty: nobody can be asked
 * @param lists where its revocation lists are
 */
public record Issuer(X509Certificate certificate, List<URI> responders, List<URI> lists) {}
