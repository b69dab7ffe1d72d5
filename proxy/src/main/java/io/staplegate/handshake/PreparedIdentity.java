package io.staplegate.handshake;

import io.staplegate.identity.Identity;
import io.staplegate.staple.ChainStaples;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.jspecify.annotations.Nullable;

/** An identity in the forms in which the engine uses it, made once. Safe to share between handshakes. */
final class PreparedIdentity {
    private final Identity identity;
    private final KeySigner signer;
    private final List<TlsCertificate> chain;
    private final Certificate bare12;
    private final Certificate bare13;
    private final byte[] leafDigest;
    private final int curve;
    private final int needingStaples;
    private volatile @Nullable StapledChain latest;

    private PreparedIdentity(
            Identity identity, KeySigner signer, List<TlsCertificate> chain, int needingStaples, byte[] leafDigest) {
        this.identity = identity;
        this.signer = signer;
        this.chain = chain;
        this.bare12 = new Certificate(chain.toArray(TlsCertificate[]::new));
        this.bare13 = new Certificate(
                TlsUtils.EMPTY_BYTES,
                chain.stream()
                        .map(certificate -> new CertificateEntry(certificate, null))
                        .toArray(CertificateEntry[]::new));
        this.curve = identity.leaf().getPublicKey() instanceof ECPublicKey key
                ? SigningScheme.curveOf(key.getParams().getCurve().getField().getFieldSize())
                : -1;
        this.needingStaples = needingStaples;
        this.leafDigest = leafDigest;
    }

    static PreparedIdentity of(Identity identity, JcaTlsCrypto crypto) {
        List<TlsCertificate> chain = new ArrayList<>();
        int needing = 0;
        for (X509Certificate certificate : identity.chain()) {
            chain.add(new JcaTlsCertificate(crypto, certificate));
            needing += isRoot(certificate) ? 0 : 1;
        }
        KeySigner signer = identity.keyInToken()
                ? KeySigner.inToken(identity.key(), crypto.getSecureRandom())
                : KeySigner.inMemory(identity.key(), crypto);
        return new PreparedIdentity(identity, signer, List.copyOf(chain), needing, digest(identity.leaf()));
    }

    private static byte[] digest(X509Certificate certificate) {
        try {
            return Sha256.start().digest(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was parsed has bytes: " + certificate, e);
        }
    }

    private static boolean isRoot(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    Identity identity() {
        return identity;
    }

    KeySigner signer() {
        return signer;
    }

    Certificate bare(boolean tls13) {
        return tls13 ? bare13 : bare12;
    }

    /** SHA-256 of the leaf. */
    byte[] leafDigest() {
        return leafDigest;
    }

    /** The scheme that this identity's key signs with for a client, or null where it cannot. */
    @Nullable
    SigningScheme scheme(ClientOffer offer) {
        return SigningScheme.choose(offer, identity.keyType(), curve);
    }

    /** The chain with the given staples; prepared again only when those have changed. */
    StapledChain stapled(ChainStaples staples) {
        StapledChain known = latest;
        if (known == null || !known.source().equals(staples)) {
            known = new StapledChain(chain, needingStaples, staples);
            latest = known;
        }
        return known;
    }
}
