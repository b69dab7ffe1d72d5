package io.staplegate.handshake;

import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.NoSuchPaddingException;
import org.bouncycastle.jcajce.util.ProviderJcaJceHelper;

/**
 * Two providers in order: each algorithm comes from the first that has it. Covers what a handshake and its records use;
 * everything else comes from the second.
 */
final class ProviderChain extends ProviderJcaJceHelper {
    private final Provider first;

    ProviderChain(Provider first, Provider second) {
        super(second);
        this.first = first;
    }

    private Provider having(String type, String algorithm) {
        return first.getService(type, algorithm) != null ? first : provider;
    }

    @Override
    public Cipher createCipher(String algorithm) throws NoSuchAlgorithmException, NoSuchPaddingException {
        return Cipher.getInstance(algorithm, having("Cipher", algorithm));
    }

    @Override
    public Mac createMac(String algorithm) throws NoSuchAlgorithmException {
        return Mac.getInstance(algorithm, having("Mac", algorithm));
    }

    @Override
    public KeyAgreement createKeyAgreement(String algorithm) throws NoSuchAlgorithmException {
        return KeyAgreement.getInstance(algorithm, having("KeyAgreement", algorithm));
    }

    @Override
    public AlgorithmParameters createAlgorithmParameters(String algorithm) throws NoSuchAlgorithmException {
        return AlgorithmParameters.getInstance(algorithm, having("AlgorithmParameters", algorithm));
    }

    @Override
    public KeyFactory createKeyFactory(String algorithm) throws NoSuchAlgorithmException {
        return KeyFactory.getInstance(algorithm, having("KeyFactory", algorithm));
    }

    @Override
    public KeyPairGenerator createKeyPairGenerator(String algorithm) throws NoSuchAlgorithmException {
        return KeyPairGenerator.getInstance(algorithm, having("KeyPairGenerator", algorithm));
    }

    @Override
    public MessageDigest createMessageDigest(String algorithm) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance(algorithm, having("MessageDigest", algorithm));
    }

    @Override
    @SuppressWarnings("deprecation") // the engine calls this one
    public MessageDigest createDigest(String algorithm) throws NoSuchAlgorithmException {
        return createMessageDigest(algorithm);
    }

    @Override
    public Signature createSignature(String algorithm) throws NoSuchAlgorithmException {
        return Signature.getInstance(algorithm, having("Signature", algorithm));
    }

    /** The JDK's: Corretto takes its Ed25519 keys, and not Bouncy Castle's. */
    @Override
    public CertificateFactory createCertificateFactory(String type) throws CertificateException {
        return CertificateFactory.getInstance(type);
    }
}
