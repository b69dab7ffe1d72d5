package io.staplegate.demo;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A certificate authority in memory: a root, intermediates below it, and the leaves that they issue. */
public final class Authority {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final X509Certificate certificate;
    private final KeyPair keys;

    private Authority(X509Certificate certificate, KeyPair keys) {
        this.certificate = certificate;
        this.keys = keys;
    }

    /** A self-signed root with a P-256 key. */
    public static Authority root(String commonName, Instant notBefore, Duration lifetime) {
        KeyPair keys = newKeys("EC");
        Issuance issuance =
                Issuance.named(commonName).valid(notBefore, lifetime).authority();
        return new Authority(sign(issuance, keys.getPublic(), issuance.subject(), keys, null), keys);
    }

    /** An authority that was made before. */
    public static Authority of(X509Certificate certificate, PrivateKey key) {
        return new Authority(certificate, new KeyPair(certificate.getPublicKey(), key));
    }

    /** An intermediate below this authority, with a P-256 key. */
    public Authority intermediate(Issuance issuance) {
        KeyPair issued = newKeys("EC");
        return new Authority(issue(issuance.authority(), issued.getPublic()), issued);
    }

    /** Issues a certificate over a public key. */
    public X509Certificate issue(Issuance issuance, PublicKey subjectKey) {
        X500Name issuer =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        return sign(issuance, subjectKey, issuer, keys, certificate);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public KeyPair keys() {
        return keys;
    }

    /** A new key pair: {@code EC} (P-256), {@code P-384}, {@code P-521}, {@code RSA} (2048 bits) or {@code Ed25519}. */
    public static KeyPair newKeys(String kind) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.startsWith("P-") ? "EC" : kind);
            switch (kind) {
                case "EC" -> generator.initialize(new ECGenParameterSpec("secp256r1"));
                case "P-384" -> generator.initialize(new ECGenParameterSpec("secp384r1"));
                case "P-521" -> generator.initialize(new ECGenParameterSpec("secp521r1"));
                case "RSA" -> generator.initialize(2048);
                default -> {}
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no keys of kind " + kind, e);
        }
    }

    /** The signature algorithm that goes with a key. */
    public static String signatureAlgorithm(KeyPair signer) {
        return switch (signer.getPublic().getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "Ed25519";
        };
    }

    private static X509Certificate sign(
            Issuance issuance,
            PublicKey subjectKey,
            X500Name issuer,
            KeyPair signer,
            @Nullable X509Certificate parent) {
        BigInteger serial = issuance.serial() != null ? issuance.serial() : new BigInteger(63, RANDOM);
        Instant end = issuance.notBefore().plus(issuance.lifetime());
        var builder = new JcaX509v3CertificateBuilder(
                issuer, serial, Date.from(issuance.notBefore()), Date.from(end), issuance.subject(), subjectKey);
        try {
            var identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(issuance.isAuthority()));
            builder.addExtension(Extension.keyUsage, true, usage(issuance, subjectKey));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(subjectKey));
            if (parent != null) {
                builder.addExtension(
                        Extension.authorityKeyIdentifier,
                        false,
                        identifiers.createAuthorityKeyIdentifier(signer.getPublic()));
            }
            for (var extension : issuance.extensions().entrySet()) {
                ASN1ObjectIdentifier name = extension.getKey();
                ASN1Encodable value = extension.getValue();
                builder.addExtension(name, false, value);
            }
            ContentSigner contentSigner =
                    new JcaContentSignerBuilder(signatureAlgorithm(signer)).build(signer.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(contentSigner));
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign a certificate for " + issuance.subject(), e);
        }
    }

    private static KeyUsage usage(Issuance issuance, PublicKey key) {
        if (issuance.isAuthority()) {
            return new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature);
        }
        boolean encipher = key.getAlgorithm().equals("RSA");
        return new KeyUsage(KeyUsage.digitalSignature | (encipher ? KeyUsage.keyEncipherment : 0));
    }
}
