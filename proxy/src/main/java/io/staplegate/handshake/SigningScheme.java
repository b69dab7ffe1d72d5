package io.staplegate.handshake;

import io.staplegate.identity.Identity.KeyType;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.jspecify.annotations.Nullable;

/** The ways to sign a handshake (RFC 8446 §4.2.3), with their names in the JCA. SHA-1 is not among them. */
enum SigningScheme {
    ECDSA_SHA256(SignatureScheme.ecdsa_secp256r1_sha256, KeyType.EC, "SHA256withECDSA", 256),
    ECDSA_SHA384(SignatureScheme.ecdsa_secp384r1_sha384, KeyType.EC, "SHA384withECDSA", 384),
    ECDSA_SHA512(SignatureScheme.ecdsa_secp521r1_sha512, KeyType.EC, "SHA512withECDSA", 512),
    ED25519(SignatureScheme.ed25519, KeyType.ED25519, "Ed25519", 0),
    RSA_PSS_SHA256(SignatureScheme.rsa_pss_rsae_sha256, KeyType.RSA, "RSASSA-PSS", 256),
    RSA_PSS_SHA384(SignatureScheme.rsa_pss_rsae_sha384, KeyType.RSA, "RSASSA-PSS", 384),
    RSA_PSS_SHA512(SignatureScheme.rsa_pss_rsae_sha512, KeyType.RSA, "RSASSA-PSS", 512),
    RSA_PKCS1_SHA256(SignatureScheme.rsa_pkcs1_sha256, KeyType.RSA, "SHA256withRSA", 256),
    RSA_PKCS1_SHA384(SignatureScheme.rsa_pkcs1_sha384, KeyType.RSA, "SHA384withRSA", 384),
    RSA_PKCS1_SHA512(SignatureScheme.rsa_pkcs1_sha512, KeyType.RSA, "SHA512withRSA", 512);

    private final int code;
    private final KeyType keyType;
    private final String signatureName;
    private final int hashBits;

    SigningScheme(int code, KeyType keyType, String signatureName, int hashBits) {
        this.code = code;
        this.keyType = keyType;
        this.signatureName = signatureName;
        this.hashBits = hashBits;
    }

    SignatureAndHashAlgorithm inTls() {
        return SignatureScheme.getSignatureAndHashAlgorithm(code);
    }

    String signatureName() {
        return signatureName;
    }

    /** Sets what the name of the signature does not say. */
    void configure(Signature signature) throws GeneralSecurityException {
        if (signatureName.equals("RSASSA-PSS")) {
            String hash = "SHA-" + hashBits;
            signature.setParameter(new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), hashBits / 8, 1));
        }
    }

    /** Those in which a device may sign its handshake; for TLS 1.3 without PKCS #1 (RFC 8446 §4.2.3). */
    static List<SignatureAndHashAlgorithm> ofDevices(boolean tls13) {
        return Arrays.stream(values())
                .filter(scheme -> !tls13 || !scheme.isPkcs1())
                .map(SigningScheme::inTls)
                .toList();
    }

    /** Those in which a device's certificates may be signed. */
    static List<SignatureAndHashAlgorithm> ofCertificates() {
        return Arrays.stream(values()).map(SigningScheme::inTls).toList();
    }

    /**
     * The client's most preferred scheme that a key can serve, or null.
     *
     * @param curve the named group of an EC key
     */
    static @Nullable SigningScheme choose(ClientOffer offer, KeyType key, int curve) {
        for (int offered : offer.schemes()) {
            for (SigningScheme scheme : values()) {
                if (scheme.code == offered && scheme.keyType == key && scheme.isAllowed(offer, curve)) {
                    return scheme;
                }
            }
        }
        return null;
    }

    /** TLS 1.3 ties the hash to the curve and drops PKCS #1; TLS 1.2 asks for the curve among the groups. */
    private boolean isAllowed(ClientOffer offer, int curve) {
        if (offer.tls13()) {
            return !isPkcs1() && (keyType != KeyType.EC || SignatureScheme.getNamedGroup(code) == curve);
        }
        return keyType != KeyType.EC || offer.hasGroup(curve);
    }

    private boolean isPkcs1() {
        return keyType == KeyType.RSA && !signatureName.equals("RSASSA-PSS");
    }

    /** The named group of an EC key's field size. */
    static int curveOf(int fieldBits) {
        return switch (fieldBits) {
            case 256 -> NamedGroup.secp256r1;
            case 384 -> NamedGroup.secp384r1;
            case 521 -> NamedGroup.secp521r1;
            default -> -1;
        };
    }
}
