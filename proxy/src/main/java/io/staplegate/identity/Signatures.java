package io.staplegate.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * The signatures that tell which certificate issued which, and which key belongs to which certificate. Verified
 * with Bouncy Castle, which needs half of the JDK's time on P-256, and signed with the JDK, where it is the other way
 * round: thousands of identities are checked at every load.
 */
final class Signatures {
    static final Provider PROVIDER = new BouncyCastleProvider();

    private static final byte[] PROBE = "staplegate".getBytes(StandardCharsets.US_ASCII);

    private Signatures() {}

    /** Whether a certificate was signed with the private half of a key. */
    static boolean signedWith(PublicKey issuer, X509Certificate certificate) {
        try {
            certificate.verify(issuer, PROVIDER);
            return true;
        } catch (GeneralSecurityException | ProviderException e) {
            return false;
        }
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
            Signature verifier = Signature.getInstance(algorithm, PROVIDER);
            verifier.initVerify(publicKey);
            verifier.update(PROBE);
            return verifier.verify(signer.sign());
        } catch (GeneralSecurityException | ProviderException e) {
            return false;
        }
    }
}
