package io.staplegate.identity;

import static io.staplegate.identity.Findings.quote;

import io.staplegate.config.FileReference;
import io.staplegate.crypto.Providers;
import io.staplegate.identity.Identity.KeyType;
import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/** Reads a private key in PEM: PKCS#8, SEC1 or PKCS#1, each also encrypted with a password. */
final class KeyFile {
    private final FileReference file;
    private final @Nullable FileReference passwordFile;
    private final Findings findings;

    KeyFile(FileReference file, @Nullable FileReference passwordFile, Findings findings) {
        this.file = file;
        this.passwordFile = passwordFile;
        this.findings = findings;
    }

    /** The key, or null where a problem was found instead. */
    @Nullable
    PrivateKey read() {
        String text = TextFile.read(file, "key", findings);
        Object block = text == null ? null : keyBlock(text);
        if (block == null) {
            return null;
        }
        TextFile.warnIfOpen(file, "key", findings);
        boolean encrypted = block instanceof PEMEncryptedKeyPair || block instanceof PKCS8EncryptedPrivateKeyInfo;
        if (!encrypted && passwordFile != null) {
            findings.warning("keyPassword", quote(file) + " is not encrypted", "remove \"keyPassword\"");
        }
        PrivateKeyInfo info = encrypted ? decrypt(block) : plain(block);
        return info == null ? null : decode(info);
    }

    /** The first key of a PEM text, as Bouncy Castle's parser gives it; other blocks are skipped. */
    private @Nullable Object keyBlock(String text) {
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
                switch (block) {
                    case PrivateKeyInfo plain -> {
                        return plain;
                    }
                    case PEMKeyPair plain -> {
                        return plain;
                    }
                    case PKCS8EncryptedPrivateKeyInfo encrypted -> {
                        return encrypted;
                    }
                    case PEMEncryptedKeyPair encrypted -> {
                        return encrypted;
                    }
                    default -> {}
                }
            }
        } catch (IOException | RuntimeException e) {
            findings.error("key", quote(file) + " cannot be decoded", "the file is damaged: copy it again");
            return null;
        }
        findings.error("key", quote(file) + " contains no private key", hint(text));
        return null;
    }

    private static @Nullable PrivateKeyInfo plain(Object block) {
        return block instanceof PEMKeyPair pair ? pair.getPrivateKeyInfo() : (PrivateKeyInfo) block;
    }

    private @Nullable PrivateKeyInfo decrypt(Object block) {
        if (passwordFile == null) {
            findings.error("key", quote(file) + " is encrypted", "name a file with its password in \"keyPassword\"");
            return null;
        }
        char[] password = TextFile.readPassword(passwordFile, "keyPassword", findings);
        if (password == null) {
            return null;
        }
        try {
            if (block instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
                return encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                        .setProvider(Providers.bouncyCastle())
                        .build(password));
            }
            return ((PEMEncryptedKeyPair) block)
                    .decryptKeyPair(new JcePEMDecryptorProviderBuilder()
                            .setProvider(Providers.bouncyCastle())
                            .build(password))
                    .getPrivateKeyInfo();
        } catch (IOException | OperatorCreationException | PKCSException | RuntimeException e) {
            findings.error(
                    "keyPassword",
                    quote(passwordFile) + " does not decrypt " + quote(file),
                    "the password is the first line of the file");
            return null;
        }
    }

    private @Nullable PrivateKey decode(PrivateKeyInfo info) {
        KeyType type = KeyType.of(info.getPrivateKeyAlgorithm());
        if (type == null) {
            findings.error("key", quote(file) + " is a key of an unsupported type", "use an EC, RSA or Ed25519 key");
            return null;
        }
        try {
            String algorithm = type == KeyType.ED25519 ? "Ed25519" : type.name();
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        } catch (IOException | GeneralSecurityException e) {
            findings.error(
                    "key",
                    quote(file) + " holds a key that cannot be used",
                    "EC keys must name their curve, P-256 or P-384");
            return null;
        }
    }

    private static String hint(String text) {
        if (text.contains("-----BEGIN CERTIFICATE-----")) {
            return "it holds a certificate, which belongs under \"certificate\"";
        }
        if (text.contains("-----BEGIN PUBLIC KEY-----")) {
            return "it holds the public key";
        }
        return "only PEM is read: PKCS#8, SEC1 or PKCS#1; openssl pkey -inform DER converts";
    }
}
