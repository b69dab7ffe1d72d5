package io.staplegate.handshake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.jcajce.util.JcaJceHelper;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateType;
import org.bouncycastle.tls.EncryptionAlgorithm;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsECConfig;
import org.bouncycastle.tls.crypto.TlsECDomain;
import org.bouncycastle.tls.crypto.TlsNonceGenerator;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipher;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipherImpl;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JceChaCha20Poly1305;

/**
 * Bouncy Castle's crypto over given providers; shares what the engine would have for each connection: a curve's
 * parameters, a generator of nonces, certificates, and the ciphers of DTLS.
 */
final class EngineCrypto extends JcaTlsCrypto {
    private final Map<Integer, TlsECDomain> domains = new ConcurrentHashMap<>();
    private final Loan gcm = new Loan(encrypting -> createAEADCipher("AES/GCM/NoPadding", "AES", 16, encrypting));
    private final Loan ccm = new Loan(encrypting -> createAEADCipher("AES/CCM/NoPadding", "AES", 16, encrypting));
    private final Loan chaCha = new Loan(encrypting -> new JceChaCha20Poly1305(this, getHelper(), encrypting));

    /** Makes a cipher for one direction. */
    private interface Maker {
        TlsAEADCipherImpl make(boolean encrypting) throws GeneralSecurityException;
    }

    /** The ciphers of one kind, two for each thread. */
    private record Loan(ThreadLocal<TlsAEADCipherImpl> encrypting, ThreadLocal<TlsAEADCipherImpl> decrypting) {
        Loan(Maker maker) {
            this(ThreadLocal.withInitial(() -> made(maker, true)), ThreadLocal.withInitial(() -> made(maker, false)));
        }

        private static TlsAEADCipherImpl made(Maker maker, boolean encrypting) {
            try {
                return maker.make(encrypting);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the providers have every cipher of the suites", e);
            }
        }

        TlsCipher cipher(TlsCryptoParameters parameters, int keySize, int tagSize, int kind) throws IOException {
            return new TlsAEADCipher(
                    parameters,
                    new BorrowedCipher(encrypting),
                    new BorrowedCipher(decrypting),
                    keySize,
                    tagSize,
                    kind,
                    null);
        }
    }

    private final CertificateFactory certificates;

    EngineCrypto(JcaJceHelper providers, SecureRandom random) {
        super(providers, random, random);
        try {
            certificates = CertificateFactory.getInstance("X.509");
        } catch (CertificateException e) {
            throw new IllegalStateException("every Java has X.509", e);
        }
    }

    /**
     * The JDK's, which shares an object among those who send the same certificate, as devices do with intermediates: it
     * stays in the engine for as long as the connection lasts.
     *
     * @throws TlsFatalAlert decode_error for what is not in DER, as OpenSSL has it
     */
    @Override
    public TlsCertificate createCertificate(short type, byte[] encoding) throws IOException {
        if (type != CertificateType.X509) {
            return super.createCertificate(type, encoding);
        }
        try {
            var input = new ByteArrayInputStream(encoding);
            var certificate = (X509Certificate) certificates.generateCertificate(input);
            if (Arrays.equals(certificate.getEncoded(), encoding)) { // it reads PEM, too, and what is behind DER
                return new JcaTlsCertificate(this, certificate);
            }
            throw malformed("a certificate is not in DER");
        } catch (CertificateException | RuntimeException e) { // an Ed25519 key without a byte: an index out of bounds
            throw malformed(String.valueOf(e.getMessage()));
        }
    }

    private static TlsFatalAlert malformed(String detail) {
        return new TlsFatalAlert(AlertDescription.decode_error, detail);
    }

    @Override
    public TlsECDomain createECDomain(TlsECConfig config) {
        return domains.computeIfAbsent(config.getNamedGroup(), group -> super.createECDomain(config));
    }

    /** Straight from the generator of keys; the engine seeds a DRBG of 1.3 KiB for each connection from it. */
    @Override
    public TlsNonceGenerator createNonceGenerator(byte[] additionalSeedMaterial) {
        return size -> {
            byte[] nonce = new byte[size];
            getSecureRandom().nextBytes(nonce);
            return nonce;
        };
    }

    @Override
    public TlsCipher createCipher(TlsCryptoParameters parameters, int encryptionAlgorithm, int macAlgorithm)
            throws IOException {
        if (!parameters.getServerVersion().isDTLS()) {
            return super.createCipher(parameters, encryptionAlgorithm, macAlgorithm);
        }
        return switch (encryptionAlgorithm) {
            case EncryptionAlgorithm.AES_128_GCM -> gcm.cipher(parameters, 16, 16, TlsAEADCipher.AEAD_GCM);
            case EncryptionAlgorithm.AES_128_CCM -> ccm.cipher(parameters, 16, 16, TlsAEADCipher.AEAD_CCM);
            case EncryptionAlgorithm.AES_128_CCM_8 -> ccm.cipher(parameters, 16, 8, TlsAEADCipher.AEAD_CCM);
            case EncryptionAlgorithm.CHACHA20_POLY1305 ->
                chaCha.cipher(parameters, 32, 16, TlsAEADCipher.AEAD_CHACHA20_POLY1305);
            default -> super.createCipher(parameters, encryptionAlgorithm, macAlgorithm);
        };
    }
}
