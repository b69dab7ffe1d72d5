package io.staplegate.identity;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;

/**
 * Writes the certificates and keys of {@code config/pki}, each with one thing wrong with it. Was run once: the files
 * are checked in, and valid for 20 years unless they are meant not to be.
 */
final class InvalidPki {
    private static final ASN1ObjectIdentifier TLS_FEATURE = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.24");

    private final Pki pki;
    private final KeyPair keys = Authority.newKeys("EC");

    private InvalidPki(Path folder) {
        pki = new Pki(folder);
    }

    /** Takes the folder to write to. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        new InvalidPki(folder).write();
    }

    private void write() throws Exception {
        Issuance good = Pki.server("gateway.example");
        X509Certificate leaf = pki.issue(good, keys);
        X509Certificate intermediate = pki.intermediate.certificate();
        X509Certificate root = pki.root.certificate();

        pki.write("root.pem", root);
        pki.write("gateway.pem", leaf, intermediate);
        pki.write("leaf-alone.pem", leaf);
        pki.write("twin.pem", pki.issue(good, keys), intermediate);
        pki.write("out-of-order.pem", leaf, root, intermediate);
        pki.write(
                "unrelated.pem",
                leaf,
                Authority.root("Stranger", Pki.START, Pki.LIFETIME).certificate());
        pki.write("repeated.pem", leaf, intermediate, leaf);
        pki.write("with-root.pem", leaf, intermediate, root);
        writeDamaged(leaf);

        Instant march = Instant.parse("2026-03-01T12:00:00Z");
        write("expired.pem", good.valid(Pki.START, Duration.between(Pki.START, march)));
        write("not-yet-valid.pem", good.valid(Instant.parse("2027-01-01T00:00:00Z"), Pki.LIFETIME));
        write("must-staple.pem", good.mustStaple());
        write("unknown-feature.pem", good.with(TLS_FEATURE, features(5, 99)));
        write(
                "no-responder.pem",
                Issuance.named("gateway").valid(Pki.START, Pki.LIFETIME).names("gateway.example"));
        write(
                "nameless.pem",
                Issuance.named("gateway").valid(Pki.START, Pki.LIFETIME).serverAuth());
        write("for-clients.pem", good.clientAuth());
        write("authority.pem", good.authority());
        writeSelfSigned();
        writeOtherKeys(good);

        pki.writeText("gateway.key", Pki.pem(keys.getPrivate()));
        pki.writeText("other.key", Pki.pem(Authority.newKeys("EC").getPrivate()));
        pki.writeText("encrypted.key", encrypted(keys.getPrivate()));
        pki.writeText("right.password", "correct horse\n");
        pki.writeText("wrong.password", "battery staple\n");
        pki.writeText("empty.pem", "");
    }

    private void write(String name, Issuance issuance) {
        pki.write(name, pki.issue(issuance, keys), pki.intermediate.certificate());
    }

    private void writeDamaged(X509Certificate leaf) {
        String text = Pki.pem(leaf);
        pki.writeText("damaged.pem", text + text.substring(0, text.length() / 2));
    }

    private void writeSelfSigned() {
        Authority authority = Authority.root("gateway", Pki.START, Pki.LIFETIME);
        pki.write("self-signed.pem", authority.certificate());
        pki.writeText("self-signed.key", Pki.pem(authority.keys().getPrivate()));
    }

    private void writeOtherKeys(Issuance issuance) throws GeneralSecurityException {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(1024);
        write("weak-rsa", issuance, rsa.generateKeyPair());
        rsa.initialize(2048);
        write("rsa", issuance, rsa.generateKeyPair());
        KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
        ec.initialize(new ECGenParameterSpec("secp521r1"));
        write("p-521", issuance, ec.generateKeyPair());
        write("ed448", issuance, KeyPairGenerator.getInstance("Ed448").generateKeyPair());
    }

    private void write(String name, Issuance issuance, KeyPair odd) {
        pki.write(name + ".pem", pki.issue(issuance, odd), pki.intermediate.certificate());
        pki.writeText(name + ".key", Pki.pem(odd.getPrivate()));
    }

    private static String encrypted(PrivateKey key) throws IOException, OperatorCreationException {
        var encryptor = new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                .setProvider(new BouncyCastleProvider())
                .setPassword("correct horse".toCharArray())
                .build();
        return Pki.pem(new JcaPKCS8Generator(key, encryptor));
    }

    private static DERSequence features(int... numbers) {
        ASN1EncodableVector features = new ASN1EncodableVector();
        for (int number : numbers) {
            features.add(new ASN1Integer(number));
        }
        return new DERSequence(features);
    }
}
