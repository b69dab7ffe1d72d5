package io.staplegate.identity;

import io.staplegate.config.IdentityConfig;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/** A certificate chain with its private key: who the proxy is to devices. Immutable; compared by reference. */
public final class Identity {
    private static final int STATUS_REQUEST = 5;

    private final IdentityConfig config;
    private final List<X509Certificate> chain;
    private final List<X509Certificate> issuers;
    private final PrivateKey key;
    private final boolean keyInToken;

    private final List<@Nullable X509Certificate> issuerByPosition;
    private final KeyType keyType;
    private final boolean mustStaple;
    private final List<String> serverNames;

    /**
     * An identity of parts that belong together.
     *
     * @param config the entry that it is made of
     * @param chain leaf first, as sent to devices
     * @param issuers CA certificates that the chain lacks; never sent
     * @param key the leaf's private key; an opaque handle when it is in a token
     * @param keyInToken whether using the key may block
     * @throws IllegalArgumentException where the leaf's key is of no {@link KeyType}
     */
    public Identity(
            IdentityConfig config,
            List<X509Certificate> chain,
            List<X509Certificate> issuers,
            PrivateKey key,
            boolean keyInToken) {
        this(config, chain, issuers, key, keyInToken, new Parentage());
    }

    Identity(
            IdentityConfig config,
            List<X509Certificate> chain,
            List<X509Certificate> issuers,
            PrivateKey key,
            boolean keyInToken,
            Parentage parentage) {
        this.config = config;
        this.chain = List.copyOf(chain);
        this.issuers = List.copyOf(issuers);
        this.key = key;
        this.keyInToken = keyInToken;
        this.issuerByPosition = issuers(this.chain, this.issuers, parentage);
        this.keyType = KeyType.of(leaf());
        this.mustStaple = Extensions.tlsFeatures(leaf()).contains(STATUS_REQUEST);
        this.serverNames = Extensions.dnsNames(leaf()).stream()
                .map(ServerNames::canonical)
                .distinct()
                .toList();
    }

    public IdentityConfig config() {
        return config;
    }

    public String name() {
        return config.name();
    }

    /** Leaf first, as sent to devices. */
    public List<X509Certificate> chain() {
        return chain;
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }

    /** CA certificates that the chain lacks; never sent. */
    public List<X509Certificate> issuers() {
        return issuers;
    }

    /** The leaf's private key: {@code Signature.getInstance} without a provider works with it, also in a token. */
    public PrivateKey key() {
        return key;
    }

    /** Whether using the key may block. */
    public boolean keyInToken() {
        return keyInToken;
    }

    /** The certificate that issued the one at a position of the chain, or null where it is not known or self-signed. */
    public @Nullable X509Certificate issuerOf(int position) {
        return issuerByPosition.get(position);
    }

    /** Whether the leaf demands a staple (RFC 7633, R32). */
    public boolean mustStaple() {
        return mustStaple;
    }

    /** The algorithm of the leaf's public key. */
    public KeyType keyType() {
        return keyType;
    }

    /** The DNS names of the leaf, in the form in which {@link ServerNames} compares them. */
    List<String> serverNames() {
        return serverNames;
    }

    @Override
    public String toString() {
        return "Identity[" + name() + "]";
    }

    private static List<@Nullable X509Certificate> issuers(
            List<X509Certificate> chain, List<X509Certificate> extra, Parentage parentage) {
        List<@Nullable X509Certificate> found = new ArrayList<>(chain.size());
        for (int position = 0; position < chain.size(); position++) {
            X509Certificate certificate = chain.get(position);
            List<X509Certificate> candidates = new ArrayList<>(chain.subList(position + 1, chain.size()));
            candidates.addAll(extra);
            found.add(parentage.selfSigned(certificate) ? null : parentage.issuerOf(certificate, candidates));
        }
        return Collections.unmodifiableList(found);
    }

    /** The kinds of keys, in the order in which the proxy prefers them. */
    public enum KeyType {
        EC,
        ED25519,
        RSA;

        static KeyType of(X509Certificate certificate) {
            AlgorithmIdentifier algorithm = SubjectPublicKeyInfo.getInstance(
                            certificate.getPublicKey().getEncoded())
                    .getAlgorithm();
            KeyType type = of(algorithm);
            if (type == null) {
                throw new IllegalArgumentException("no supported key: " + algorithm.getAlgorithm());
            }
            return type;
        }

        /** The kind that an algorithm identifier of PKCS#8 or X.509 stands for; null where it is no supported one. */
        static @Nullable KeyType of(AlgorithmIdentifier algorithm) {
            var name = algorithm.getAlgorithm();
            if (name.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
                return EC;
            }
            if (name.equals(EdECObjectIdentifiers.id_Ed25519)) {
                return ED25519;
            }
            return name.equals(PKCSObjectIdentifiers.rsaEncryption) ? RSA : null;
        }
    }
}
