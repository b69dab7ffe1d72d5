package io.staplegate.identity;

import io.staplegate.config.IdentityConfig;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate chain with its private key: who the proxy is to devices. Compared by reference.
 *
 * @param config the entry that it was made of
 * @param chain leaf first, as sent to devices
 * @param issuers CA certificates that the chain lacks; never sent
 * @param key the leaf's private key; an opaque handle when it is in a token
 * @param keyInToken whether using the key may block
 */
public record Identity(
        IdentityConfig config,
        List<X509Certificate> chain,
        List<X509Certificate> issuers,
        PrivateKey key,
        boolean keyInToken) {

    public String name() {
        return config.name();
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }

    /** The certificate that issued the one at a position of the chain, or null where it is not known or self-signed. */
    public @Nullable X509Certificate issuerOf(int position) {
        throw new UnsupportedOperationException(name() + position);
    }

    /** Whether the leaf demands a staple (RFC 7633, R32). */
    public boolean mustStaple() {
        throw new UnsupportedOperationException(name());
    }

    /** {@code EC}, {@code RSA} or {@code Ed25519}: the algorithm of the leaf's public key. */
    public KeyType keyType() {
        throw new UnsupportedOperationException(name());
    }

    /** The kinds of keys, in the order in which the proxy prefers them. */
    public enum KeyType {
        EC,
        ED25519,
        RSA
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return "Identity[" + name() + "]";
    }
}
