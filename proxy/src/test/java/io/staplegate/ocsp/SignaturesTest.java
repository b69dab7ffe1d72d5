package io.staplegate.ocsp;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.Authority;
import io.staplegate.ocsp.Verdict.Code;
import io.staplegate.ocsp.Verdict.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

/** Keys and signatures that the JDK alone does not handle, and pairs that do not fit. */
class SignaturesTest {
    private static final BouncyCastleProvider BOUNCY_CASTLE = new BouncyCastleProvider();
    private static final AlgorithmIdentifier ECDSA = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    private static final Reason BAD = new Reason(Code.BAD_SIGNATURE, "the signature does not verify");
    private static final byte[] TEXT = "text".getBytes(StandardCharsets.UTF_8);

    @Test
    void verifiesOnTheCurvesOfSmartMeters() throws GeneralSecurityException {
        KeyPair keys = ec("brainpoolP256r1");
        PublicKey key = asTheJdkReadsIt(keys.getPublic());

        assertThat(Signatures.check(ECDSA, TEXT, sign(keys), key)).isEmpty();
        assertThat(Signatures.check(ECDSA, new byte[1], sign(keys), key)).contains(BAD);
    }

    @Test
    void refusesShortCurves() throws GeneralSecurityException {
        KeyPair keys = ec("secp160r1");

        assertThat(Signatures.check(ECDSA, TEXT, sign(keys), asTheJdkReadsIt(keys.getPublic())))
                .contains(new Reason(Code.WEAK_SIGNATURE, "the signer's EC key is not accepted"));
    }

    @Test
    void verifiesRsaPssUnlessItsHashIsWeak() throws GeneralSecurityException, OperatorCreationException, IOException {
        KeyPair keys = Authority.newKeys("RSA");

        assertThat(checkPss(keys, "SHA256withRSAandMGF1")).isEmpty();
        assertThat(checkPss(keys, "SHA512withRSAandMGF1")).isEmpty();
        assertThat(checkPss(keys, "SHA1withRSAandMGF1")).map(Reason::code).contains(Code.WEAK_SIGNATURE);
    }

    @Test
    void refusesRsaPssWithoutParameters() {
        AlgorithmIdentifier bare = new AlgorithmIdentifier(PKCSObjectIdentifiers.id_RSASSA_PSS);

        assertThat(Signatures.check(
                        bare, TEXT, new byte[256], Authority.newKeys("RSA").getPublic()))
                .map(Reason::code)
                .contains(Code.WEAK_SIGNATURE); // the defaults are SHA-1
    }

    @Test
    void refusesAnAlgorithmThatDoesNotFitTheKey() {
        assertThat(Signatures.check(
                        ECDSA, TEXT, new byte[70], Authority.newKeys("RSA").getPublic()))
                .contains(BAD);
    }

    private static Optional<Reason> checkPss(KeyPair keys, String algorithm)
            throws OperatorCreationException, IOException {
        ContentSigner signer = new JcaContentSignerBuilder(algorithm)
                .setProvider(BOUNCY_CASTLE)
                .build(keys.getPrivate());
        signer.getOutputStream().write(TEXT);
        return Signatures.check(signer.getAlgorithmIdentifier(), TEXT, signer.getSignature(), keys.getPublic());
    }

    private static KeyPair ec(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BOUNCY_CASTLE);
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private static byte[] sign(KeyPair keys) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA", BOUNCY_CASTLE);
        signature.initSign(keys.getPrivate());
        signature.update(TEXT);
        return signature.sign();
    }

    private static PublicKey asTheJdkReadsIt(PublicKey key) throws GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(key.getEncoded()));
    }
}
