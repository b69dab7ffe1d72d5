package io.staplegate.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.staplegate.config.FileReference;
import io.staplegate.config.Problem;
import io.staplegate.demo.Authority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
    private static final char[] PASSWORD = "correct horse".toCharArray();

    private final Findings findings = new Findings("identities[0]");
    private Pki pki = new Pki(Path.of(""));

    @BeforeEach
    void prepare(@TempDir Path folder) {
        pki = new Pki(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "P-384", "RSA", "Ed25519"})
    void pkcs8IsRead(String kind) throws Exception {
        KeyPair keys = Authority.newKeys(kind);

        assertThat(read(Pki.pem(keys.getPrivate()), null)).isEqualTo(keys.getPrivate());
        assertThat(findings.problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "P-384", "RSA"})
    void sec1AndPkcs1AreRead(String kind) throws IOException {
        KeyPair keys = Authority.newKeys(kind);
        String text = traditional(keys.getPrivate());

        assertThat(text).startsWith(kind.equals("RSA") ? "-----BEGIN RSA PRIV" : "-----BEGIN EC PRIV");
        assertThat(read(text, null)).satisfies(key -> assertSameSecret(key, keys));
    }

    @Test
    void openSslsBlockOfCurveParametersIsSkipped() throws IOException {
        KeyPair keys = Authority.newKeys("EC");
        String parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

        assertThat(read(parameters + traditional(keys.getPrivate()), null))
                .satisfies(key -> assertSameSecret(key, keys));
    }

    @Test
    void aKeyBesideItsCertificateInOneFileIsRead() {
        KeyPair keys = Authority.newKeys("EC");
        String text = Pki.pem(pki.root.certificate(), keys.getPrivate());

        assertThat(read(text, null)).isEqualTo(keys.getPrivate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void encryptedPkcs8IsReadWithThePasswordInAFile(String kind) throws Exception {
        KeyPair keys = Authority.newKeys(kind);
        ASN1ObjectIdentifier cipher = PKCS8Generator.AES_256_CBC;

        assertThat(read(encryptedPkcs8(keys, cipher), "correct horse\n")).isEqualTo(keys.getPrivate());
        assertThat(findings.problems()).isEmpty();
    }

    @Test
    void oldPkcs8EncryptionIsRead() throws Exception {
        KeyPair keys = Authority.newKeys("EC");

        assertThat(read(encryptedPkcs8(keys, PKCS8Generator.PBE_SHA1_3DES), "correct horse"))
                .isEqualTo(keys.getPrivate());
    }

    @Test
    void openSslsLegacyEncryptionIsRead() throws Exception {
        KeyPair keys = Authority.newKeys("RSA");
        String text = Pki.pem(new JcaMiscPEMGenerator(
                keys.getPrivate(),
                new JcePEMEncryptorBuilder("AES-128-CBC")
                        .setProvider(new BouncyCastleProvider())
                        .build(PASSWORD)));

        assertThat(text).contains("Proc-Type: 4,ENCRYPTED");
        assertThat(read(text, "correct horse\r\n")).isEqualTo(keys.getPrivate());
    }

    @Test
    void anEncryptedKeyNeedsAPasswordFile() throws Exception {
        String text = encryptedPkcs8(Authority.newKeys("EC"), PKCS8Generator.AES_256_CBC);

        assertThat(read(text, null)).isNull();
        assertThat(findings.problems())
                .containsExactly(Problem.error(
                        "identities[0].key",
                        "\"gw.key\" is encrypted",
                        "name a file with its password in \"keyPassword\""));
    }

    @Test
    void aWrongPasswordIsToldApartFromADamagedKey() throws Exception {
        String text = encryptedPkcs8(Authority.newKeys("EC"), PKCS8Generator.AES_256_CBC);

        assertThat(read(text, "wrong")).isNull();
        assertThat(findings.problems())
                .extracting(Problem::path, Problem::message)
                .containsExactly(tuple("identities[0].keyPassword", "\"gw.pass\" does not decrypt \"gw.key\""));
    }

    @Test
    void aPasswordForAPlainKeyIsWorthAWarning() {
        assertThat(read(Pki.pem(Authority.newKeys("EC").getPrivate()), "unused"))
                .isNotNull();
        assertThat(messages()).containsExactly("\"gw.key\" is not encrypted");
    }

    @Test
    void aKeyThatEveryUserCanReadIsWorthAWarning() throws Exception {
        pki.writeText("gw.key", Pki.pem(Authority.newKeys("EC").getPrivate()));
        Files.setPosixFilePermissions(pki.folder.resolve("gw.key"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(new KeyFile(pki.file("gw.key"), null, findings).read()).isNotNull();
        assertThat(findings.problems())
                .containsExactly(Problem.warning(
                        "identities[0].key", "\"gw.key\" can be read by every user", "chmod 600 gw.key"));
    }

    @Test
    void aKeyThatEveryUserCanExchangeIsWorthAWarning() throws Exception {
        pki.writeText("gw.key", Pki.pem(Authority.newKeys("EC").getPrivate()));
        Files.setPosixFilePermissions(pki.folder.resolve("gw.key"), PosixFilePermissions.fromString("rw-----w-"));

        assertThat(new KeyFile(pki.file("gw.key"), null, findings).read()).isNotNull();
        assertThat(findings.problems())
                .containsExactly(Problem.warning(
                        "identities[0].key", "\"gw.key\" can be written by every user", "chmod 600 gw.key"));
    }

    @Test
    void anotherAlgorithmIsNamedAsUnsupported() throws Exception {
        KeyPairGenerator dsa = KeyPairGenerator.getInstance("DSA");
        dsa.initialize(1024, new SecureRandom());

        assertThat(read(Pki.pem(new JcaPKCS8Generator(dsa.generateKeyPair().getPrivate(), null)), null))
                .isNull();
        assertThat(messages()).containsExactly("\"gw.key\" is a key of an unsupported type");
    }

    @Test
    void aSec1KeyThatNamesNoCurveIsAnError() throws IOException {
        String text = Pki.pem(new JcaMiscPEMGenerator(Authority.newKeys("EC").getPrivate()));

        assertThat(read(text, null)).isNull();
        assertThat(messages()).containsExactly("\"gw.key\" holds a key that cannot be used");
    }

    @Test
    void whatIsNoKeyGetsAHintAtWhatItIs() {
        assertThat(read(Pki.pem(pki.root.certificate()), null)).isNull();
        assertThat(read(Pki.pem(pki.root.keys().getPublic()), null)).isNull();
        assertThat(read("0\202\001", null)).isNull();

        assertThat(messages()).containsOnly("\"gw.key\" contains no private key");
        assertThat(findings.problems())
                .extracting(Problem::hint)
                .containsExactly(
                        "it holds a certificate, which belongs under \"certificate\"",
                        "it holds the public key",
                        "only PEM is read: PKCS#8, SEC1 or PKCS#1; openssl pkey -inform DER converts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n",
                "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE",
                """
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: X

                AA==
                -----END RSA PRIVATE KEY-----
                """
            })
    void aDamagedKeyIsAnError(String text) {
        assertThat(read(text, null)).isNull();
        assertThat(messages()).containsExactly("\"gw.key\" cannot be decoded");
    }

    private @Nullable PrivateKey read(String text, @Nullable String password) {
        pki.writeSecret("gw.key", text);
        FileReference passwordFile = null;
        if (password != null) {
            pki.writeSecret("gw.pass", password);
            passwordFile = pki.file("gw.pass");
        }
        return new KeyFile(pki.file("gw.key"), passwordFile, findings).read();
    }

    /** Compared by number: SEC1 may leave out the public key, which PKCS#8 has. */
    private static void assertSameSecret(@Nullable PrivateKey key, KeyPair keys) {
        if (keys.getPrivate() instanceof java.security.interfaces.ECPrivateKey ec) {
            assertThat(key)
                    .isInstanceOfSatisfying(
                            java.security.interfaces.ECPrivateKey.class,
                            read -> assertThat(read.getS()).isEqualTo(ec.getS()));
        } else {
            assertThat(key).isEqualTo(keys.getPrivate());
        }
    }

    private List<String> messages() {
        return findings.problems().stream().map(Problem::message).toList();
    }

    /** SEC1 or PKCS#1, as OpenSSL writes them: an EC key names its curve. */
    private static String traditional(PrivateKey key) throws IOException {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
        if (key.getAlgorithm().equals("RSA")) {
            return Pki.pem(new PemObject(
                    "RSA PRIVATE KEY", info.parsePrivateKey().toASN1Primitive().getEncoded()));
        }
        ECPrivateKey inner = ECPrivateKey.getInstance(info.parsePrivateKey());
        int bits = ((java.security.interfaces.ECPrivateKey) key)
                .getParams()
                .getOrder()
                .bitLength();
        ECPrivateKey named = new ECPrivateKey(
                bits, inner.getKey(), info.getPrivateKeyAlgorithm().getParameters());
        return Pki.pem(new PemObject("EC PRIVATE KEY", named.getEncoded()));
    }

    private static String encryptedPkcs8(KeyPair keys, ASN1ObjectIdentifier cipher) throws Exception {
        var encryptor = new JceOpenSSLPKCS8EncryptorBuilder(cipher)
                .setProvider(new BouncyCastleProvider())
                .setPassword(PASSWORD)
                .build();
        return Pki.pem(new JcaPKCS8Generator(keys.getPrivate(), encryptor));
    }
}
