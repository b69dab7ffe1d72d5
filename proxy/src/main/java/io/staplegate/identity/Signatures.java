package io.staplegate.identity;

import io.staplegate.crypto.Providers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

/**
 * The signatures that tell which certificate issued which, and which key belongs to which certificate: thousands of
 * identities are checked at every load. The JDK signs, because it takes the keys of tokens.
 */
final class Signatures {
    private static final byte[] PROBE = "staplegate".getBytes(StandardCharsets.US_ASCII);

    private Signatures() {}

    /** Whether a certificate was signed with the private half of a key. */
    static boolean signedWith(PublicKey issuer, X509Certificate certificate) {
        for (Provider provider : Providers.verifying()) {
            try {
                certificate.verify(issuer, provider);
                return true;
            } catch (GeneralSecurityException | ProviderException e) {
                // Another one may have the curve.
            }
        }
        return false;
    }

    /** Whether what a private key signs verifies with a public key. */
    static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
        String algorithm = switch (privateKey.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> "Ed25519";
        };
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(privateKey);
            signer.update(PROBE);
            byte[] signature = signer.sign();
            return Providers.verifying().stream()
                    .anyMatch(provider -> verifies(provider, algorithm, publicKey, signature));
        } catch (GeneralSecurityException | ProviderException e) {
            return false;
        }
    }

    private static boolean verifies(Provider provider, String algorithm, PublicKey publicKey, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(algorithm, provider);
            verifier.initVerify(publicKey);
            verifier.update(PROBE);
            return verifier.verify(signature);
        } catch (GeneralSecurityException | ProviderException e) {
            return false;
        }
    }
}
