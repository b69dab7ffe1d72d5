package io.staplegate.ocsp;

import static java.util.Map.entry;

import io.staplegate.crypto.Providers;
import io.staplegate.ocsp.Verdict.Code;
import io.staplegate.ocsp.Verdict.Reason;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.PSSParameterSpec;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.DefaultAlgorithmNameFinder;

/** Checks signatures that are known to be strong; everything else is refused (R2, R41). */
final class Signatures {
    private static final int MIN_RSA_BITS = 2048;
    private static final int MIN_EC_BITS = 224;
    private static final String PSS = "RSASSA-PSS";

    /** What is accepted, as the JCA names it. */
    private static final Map<ASN1ObjectIdentifier, String> ALGORITHMS = Map.ofEntries(
            entry(PKCSObjectIdentifiers.sha256WithRSAEncryption, "SHA256withRSA"),
            entry(PKCSObjectIdentifiers.sha384WithRSAEncryption, "SHA384withRSA"),
            entry(PKCSObjectIdentifiers.sha512WithRSAEncryption, "SHA512withRSA"),
            entry(PKCSObjectIdentifiers.id_RSASSA_PSS, PSS),
            entry(X9ObjectIdentifiers.ecdsa_with_SHA256, "SHA256withECDSA"),
            entry(X9ObjectIdentifiers.ecdsa_with_SHA384, "SHA384withECDSA"),
            entry(X9ObjectIdentifiers.ecdsa_with_SHA512, "SHA512withECDSA"),
            entry(EdECObjectIdentifiers.id_Ed25519, "Ed25519"),
            entry(EdECObjectIdentifiers.id_Ed448, "Ed448"));

    private static final Set<ASN1ObjectIdentifier> PSS_HASHES =
            Set.of(NISTObjectIdentifiers.id_sha256, NISTObjectIdentifiers.id_sha384, NISTObjectIdentifiers.id_sha512);

    /** The numbers 1 and 1. */
    private static final byte[] SOME_ECDSA_SIGNATURE = {0x30, 6, 2, 1, 1, 2, 1, 1};

    private Signatures() {}

    /** What is wrong with a signature; empty: it verifies. */
    static Optional<Reason> check(AlgorithmIdentifier algorithm, byte[] signed, byte[] signature, PublicKey key) {
        Optional<Reason> weakness = weakness(algorithm, key);
        if (weakness.isPresent()) {
            return weakness;
        }
        return verifies(algorithm, signed, signature, key)
                ? Optional.empty()
                : Optional.of(new Reason(Code.BAD_SIGNATURE, "the signature does not verify"));
    }

    /** Why a signature by this algorithm and key is not looked at; empty: it is. */
    static Optional<Reason> weakness(AlgorithmIdentifier algorithm, PublicKey key) {
        if (!isStrong(algorithm)) {
            String name = new DefaultAlgorithmNameFinder().getAlgorithmName(algorithm);
            return Optional.of(new Reason(Code.WEAK_SIGNATURE, "the signature algorithm " + name + " is not accepted"));
        }
        return isStrong(key)
                ? Optional.empty()
                : Optional.of(
                        new Reason(Code.WEAK_SIGNATURE, "the signer's " + key.getAlgorithm() + " key is not accepted"));
    }

    /** Verifies what comes bit by bit; of an algorithm and a key that have no {@link #weakness}. */
    static Signature verifier(AlgorithmIdentifier algorithm, PublicKey key)
            throws GeneralSecurityException, IOException {
        String name = String.valueOf(ALGORITHMS.get(algorithm.getAlgorithm()));
        try {
            if (key instanceof ECKey) {
                // The JDK says only at the end that it does not have a curve: so it verifies nothing at first.
                begun(Signature.getInstance(name), algorithm, key).verify(SOME_ECDSA_SIGNATURE);
            }
            return begun(Signature.getInstance(name), algorithm, key);
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            return begun(Signature.getInstance(name, Providers.bouncyCastle()), algorithm, key);
        }
    }

    private static boolean isStrong(AlgorithmIdentifier algorithm) {
        if (!algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
            return ALGORITHMS.containsKey(algorithm.getAlgorithm());
        }
        try {
            RSASSAPSSparams parameters = RSASSAPSSparams.getInstance(algorithm.getParameters());
            return parameters != null
                    && PSS_HASHES.contains(parameters.getHashAlgorithm().getAlgorithm());
        } catch (IllegalArgumentException | IllegalStateException e) {
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

    /** The first provider decides that can: Bouncy Castle on the Brainpool curves of smart meters. */
    private static boolean verifies(AlgorithmIdentifier algorithm, byte[] signed, byte[] signature, PublicKey key) {
        String name = String.valueOf(ALGORITHMS.get(algorithm.getAlgorithm()));
        for (Provider provider : Providers.verifying()) {
            try {
                return verifies(Signature.getInstance(name, provider), algorithm, signed, signature, key);
            } catch (GeneralSecurityException | IOException | RuntimeException e) {
                // The next one may have the algorithm, or the curve.
            }
        }
        return false;
    }

    private static boolean verifies(
            Signature verifier, AlgorithmIdentifier algorithm, byte[] signed, byte[] signature, PublicKey key)
            throws GeneralSecurityException, IOException {
        begun(verifier, algorithm, key);
        verifier.update(signed);
        return verifier.verify(signature);
    }

    private static Signature begun(Signature verifier, AlgorithmIdentifier algorithm, PublicKey key)
            throws GeneralSecurityException, IOException {
        verifier.initVerify(key);
        if (verifier.getAlgorithm().equals(PSS)) {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance(PSS);
            parameters.init(algorithm.getParameters().toASN1Primitive().getEncoded());
            verifier.setParameter(parameters.getParameterSpec(PSSParameterSpec.class));
        }
        return verifier;
    }
}
