package io.staplegate.ocsp;

import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.id_RSASSA_PSS;

import io.staplegate.ocsp.Verdict.Code;
import io.staplegate.ocsp.Verdict.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentVerifier;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.DefaultAlgorithmNameFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;

/** Checks signatures by what is known to be strong; everything else is refused (R2, R41). */
final class Signatures {
    private static final int MIN_RSA_BITS = 2048;
    private static final int MIN_EC_BITS = 224;

    private static final Set<ASN1ObjectIdentifier> STRONG = Set.of(
            PKCSObjectIdentifiers.sha256WithRSAEncryption,
            PKCSObjectIdentifiers.sha384WithRSAEncryption,
            PKCSObjectIdentifiers.sha512WithRSAEncryption,
            X9ObjectIdentifiers.ecdsa_with_SHA256,
            X9ObjectIdentifiers.ecdsa_with_SHA384,
            X9ObjectIdentifiers.ecdsa_with_SHA512,
            EdECObjectIdentifiers.id_Ed25519,
            EdECObjectIdentifiers.id_Ed448);

    private static final Set<ASN1ObjectIdentifier> STRONG_HASHES =
            Set.of(NISTObjectIdentifiers.id_sha256, NISTObjectIdentifiers.id_sha384, NISTObjectIdentifiers.id_sha512);

    private static final BouncyCastleProvider BOUNCY_CASTLE = new BouncyCastleProvider();

    private Signatures() {}

    /** What is wrong with a signature; empty: it verifies. */
    static Optional<Reason> check(AlgorithmIdentifier algorithm, byte[] signed, byte[] signature, PublicKey key) {
        if (!isStrong(algorithm)) {
            String name = new DefaultAlgorithmNameFinder().getAlgorithmName(algorithm);
            return Optional.of(new Reason(Code.WEAK_SIGNATURE, "the signature algorithm " + name + " is not accepted"));
        }
        if (!isStrong(key)) {
            return Optional.of(
                    new Reason(Code.WEAK_SIGNATURE, "the signer's " + key.getAlgorithm() + " key is not accepted"));
        }
        return verifies(algorithm, signed, signature, key)
                ? Optional.empty()
                : Optional.of(new Reason(Code.BAD_SIGNATURE, "the signature does not verify"));
    }

    private static boolean isStrong(AlgorithmIdentifier algorithm) {
        if (!algorithm.getAlgorithm().equals(id_RSASSA_PSS)) {
            return STRONG.contains(algorithm.getAlgorithm());
        }
        try {
            RSASSAPSSparams parameters = RSASSAPSSparams.getInstance(algorithm.getParameters());
            return parameters != null
                    && STRONG_HASHES.contains(parameters.getHashAlgorithm().getAlgorithm());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isStrong(PublicKey key) {
        return switch (key) {
            case RSAKey rsa -> rsa.getModulus().bitLength() >= MIN_RSA_BITS;
            case ECKey ec -> ec.getParams().getOrder().bitLength() >= MIN_EC_BITS;
            case EdECKey _ -> true;
            default -> false;
        };
    }

    /** The JDK decides, and Bouncy Castle what the JDK cannot: RSASSA-PSS by its old names, Brainpool's curves. */
    private static boolean verifies(AlgorithmIdentifier algorithm, byte[] signed, byte[] signature, PublicKey key) {
        try {
            return verifies(new JcaContentVerifierProviderBuilder().build(key), algorithm, signed, signature);
        } catch (OperatorCreationException | RuntimeException e) {
            return verifiesByBouncyCastle(algorithm, signed, signature, key);
        }
    }

    private static boolean verifiesByBouncyCastle(
            AlgorithmIdentifier algorithm, byte[] signed, byte[] signature, PublicKey key) {
        try {
            var provider = new JcaContentVerifierProviderBuilder()
                    .setProvider(BOUNCY_CASTLE)
                    .build(key);
            return verifies(provider, algorithm, signed, signature);
        } catch (OperatorCreationException | RuntimeException e) {
            return false; // the key or the signature does not fit the algorithm
        }
    }

    private static boolean verifies(
            ContentVerifierProvider provider, AlgorithmIdentifier algorithm, byte[] signed, byte[] signature)
            throws OperatorCreationException {
        ContentVerifier verifier = provider.get(algorithm);
        try (OutputStream content = verifier.getOutputStream()) {
            content.write(signed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return verifier.verify(signature);
    }
}
